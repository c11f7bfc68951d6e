"""The mask that every host makes, with the package that was made, and its golden hash."""

import io
import os
import re

from conan import ConanFile
from conan.errors import ConanException
from conan.tools.build import can_run
from conan.tools.cmake import CMake, cmake_layout
from conan.tools.files import load


class Test(ConanFile):
    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeDeps", "CMakeToolchain"
    test_type = "explicit"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        cmake_layout(self)

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self):
        if not can_run(self):
            return
        golden = load(self, os.path.join(self.recipe_folder, "..", "..", "..", "..", "tests", "golden.txt"))
        wanted = re.search(r"^dither 64 64 7 \d+ (\w+)", golden, re.M)[1]
        printed = io.StringIO()
        self.run(os.path.join(self.cpp.build.bindir, "mask"), stdout=printed, env="conanrun")
        if printed.getvalue().strip() != wanted:
            raise ConanException(f"the mask has the hash {printed.getvalue().strip()}, not {wanted}")
        self.output.info(f"the mask has the golden hash {wanted}")

"""Conan 2 recipe, for this tree as it lies: `conan create ffi/package/conan`. Cargo must be in the PATH."""

import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.files import copy, load, rm, rmdir


class Bluegrad(ConanFile):
    name = "bluegrad"
    description = "Tileable blue-noise masks, made at run time in the caller's memory"
    license = "MIT OR Apache-2.0"
    topics = ("blue-noise", "dithering", "graphics")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": False}

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, "..", "..", "..")

    def set_version(self):
        self.version = re.search(r'^version = "(.*)"', load(self, os.path.join(self._root, "Cargo.toml")), re.M)[1]

    def export_sources(self):
        # a workspace is built with all its members' manifests in place
        members = re.search(r"^members = \[(.*?)\]", load(self, os.path.join(self._root, "Cargo.toml")), re.M | re.S)[1]
        folders = {member.split("/")[0] for member in re.findall(r'"(.*?)"', members)} | {"include", "cmake"}
        for pattern in ["Cargo.*", "LICENSE-*", *(f"{folder}/*" for folder in sorted(folders))]:
            copy(self, pattern, self._root, self.export_sources_folder, excludes=("*/target/*", "*/results/*", "*/node_modules/*"))

    def configure(self):
        # C, and one build of it for all
        self.settings.rm_safe("compiler.libcxx")
        self.settings.rm_safe("compiler.cppstd")

    def validate(self):
        mingw = self.settings.os == "Windows" and self.settings.compiler == "gcc" and self.settings.arch == "x86_64"
        if self.settings.os not in ("Linux", "FreeBSD") and not mingw:
            raise ConanInvalidConfiguration("for ELF systems and MinGW; docs/embedding.md says what to do elsewhere")

    def package_id(self):
        del self.info.settings.compiler
        del self.info.settings.build_type

    def build(self):
        target = "--target x86_64-pc-windows-gnu " if self.settings.os == "Windows" else ""
        prefix = os.path.join(self.build_folder, "prefix")
        self.run(f'bash "{self.source_folder}/ffi/build" {target}"{prefix}"', env=None)

    def package(self):
        prefix = os.path.join(self.build_folder, "prefix")
        copy(self, "*", prefix, self.package_folder)
        copy(self, "LICENSE-*", self.source_folder, os.path.join(self.package_folder, "licenses"))
        # Conan makes these itself
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))
        if self.options.shared:
            rm(self, "libbluegrad.a", os.path.join(self.package_folder, "lib"))
        else:
            for unwanted in ("libbluegrad.so*", "libbluegrad.dll.a", "bluegrad.lib"):
                rm(self, unwanted, os.path.join(self.package_folder, "lib"))
            rmdir(self, os.path.join(self.package_folder, "bin"))

    def package_info(self):
        self.cpp_info.libs = ["bluegrad"]
        if self.settings.os == "Windows" and self.options.shared:
            self.cpp_info.defines = ["BLUEGRAD_SHARED"]

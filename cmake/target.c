/* Says by its error which object of ffi/object a compiler needs: cmake/bluegrad.cmake and ffi/build compile it. */
#if defined(__x86_64__) || defined(_M_X64)
#if defined(_WIN32)
#error bluegrad-target=<x86_64-coff>
#elif defined(__APPLE__)
#error bluegrad-target=<x86_64-macho>
#elif defined(__ELF__) && !defined(__ILP32__)
#error bluegrad-target=<x86_64-elf>
#else
#error bluegrad-target=<other>
#endif
#elif defined(__aarch64__) && defined(__APPLE__)
#error bluegrad-target=<aarch64-macho>
#elif defined(__aarch64__) && defined(__ELF__) && !defined(__ILP32__) && !defined(__AARCH64EB__)
#error bluegrad-target=<aarch64-elf>
#elif defined(__ARM_ARCH_7EM__) && defined(__ARM_PCS_VFP) && (__ARM_FP & 8)
#error bluegrad-target=<cortex-m7>
#elif defined(__ARM_ARCH_7EM__) && defined(__ARM_PCS_VFP)
#error bluegrad-target=<cortex-m4f>
#elif defined(__wasm32__) && defined(__wasm_simd128__)
#error bluegrad-target=<wasm32-simd128>
#elif defined(__wasm32__)
#error bluegrad-target=<wasm32>
#else
#error bluegrad-target=<other>
#endif

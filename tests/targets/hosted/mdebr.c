/* s390x: whether MDEBR multiplies two f32 to an f64, as a compiler expects that has two f32 widened and multiplied. QEMU 7.2 takes the first
 * for an f64. Exits with 0 if it is right. */
int main(void) {
  register float x __asm__("f2") = 0.4183f;
  register double y __asm__("f4");
  __asm__ volatile("ler %%f4,%%f2\n\tmdebr %%f4,%%f2" : "=f"(y) : "f"(x));
  return y < 0.17 || y > 0.18;
}

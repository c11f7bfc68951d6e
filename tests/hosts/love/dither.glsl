// Greys to black and white by a mask: what bluegrad_dither_rows does, exactly. White where v + t >= 255 for a value v of 0 to 255
// and t = m - (m >= 128) for a texel m. The mask's texture is nearest-filtered and repeats.
uniform Image mask;
uniform vec2 maskSize;
uniform vec2 pictureSize;

vec4 effect(vec4 color, Image picture, vec2 uv, vec2 screen) {
  vec2 pixel = floor(uv * pictureSize);
  float value = floor(Texel(picture, uv).r * 255.0 + 0.5);
  float texel = floor(Texel(mask, (pixel + 0.5) / maskSize).r * 255.0 + 0.5);
  float threshold = texel - step(128.0, texel);
  return vec4(vec3(step(255.0, value + threshold)), 1.0);
}

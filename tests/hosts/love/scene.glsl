// A still life of spheres in soft light, as greys. Shadows and occlusion of a sphere by their closed forms (Inigo Quilez,
// "sphere ambient occlusion" and "sphere soft shadow").
uniform vec2 size;
uniform float time;

const int COUNT = 6;

vec4 ball(int i) {
  if (i == 0) return vec4(-0.15, 1.00, 0.35, 1.00);
  if (i == 1) return vec4(1.42, 0.62, -0.35, 0.62);
  if (i == 2) return vec4(-1.62, 0.55, -0.55, 0.55);
  if (i == 3) return vec4(0.52, 0.34, -1.15, 0.34);
  if (i == 4) return vec4(-0.62, 0.22, -1.30, 0.22);
  return vec4(2.45, 0.42, 0.55, 0.42);
}

float albedo(int i) {
  if (i == 0) return 0.78;
  if (i == 1) return 0.30;
  if (i == 2) return 0.92;
  if (i == 3) return 0.55;
  if (i == 4) return 0.95;
  return 0.66;
}

float hitBall(vec3 from, vec3 along, vec4 ball) {
  vec3 d = from - ball.xyz;
  float b = dot(d, along);
  float h = b * b - dot(d, d) + ball.w * ball.w;
  return h < 0.0 ? -1.0 : -b - sqrt(h);
}

float shadowOf(vec3 at, vec3 light, vec4 ball) {
  vec3 d = at - ball.xyz;
  float b = dot(d, light);
  float h = b * b - dot(d, d) + ball.w * ball.w;
  if (b > 0.0) return 1.0;
  float softness = 5.0;
  float closest = (sqrt(max(ball.w * ball.w - h, 0.0)) - ball.w) / max(-b, 1e-3);
  return smoothstep(-0.25, 0.75, closest * softness + 0.1);
}

float occlusionOf(vec3 at, vec3 normal, vec4 ball) {
  vec3 d = ball.xyz - at;
  float distance = length(d);
  return max(dot(normal, d / distance), 0.0) * ball.w * ball.w / (distance * distance);
}

float backdrop(vec3 along) {
  return 0.03 + 0.30 * exp(-5.5 * max(along.y + 0.02, 0.0)) * exp(-0.9 * along.x * along.x);
}

// 0 and 1 in turn, blurred over a pixel that is so wide there (Inigo Quilez, "filtering the checkerboard pattern").
float checker(vec2 at, vec2 width) {
  vec2 part = 2.0 * (abs(fract((at - 0.5 * width) / 2.0) - 0.5) - abs(fract((at + 0.5 * width) / 2.0) - 0.5)) / width;
  return 0.5 - 0.5 * part.x * part.y;
}

float shade(vec3 at, vec3 normal, vec3 along, int self, float paint, float gloss) {
  vec3 light = normalize(vec3(-0.65 + 0.5 * sin(0.4 * time), 0.95, -0.70));
  float lit = 1.0, open = 1.0;
  for (int i = 0; i < COUNT; i++) {
    if (i == self) continue;
    lit *= shadowOf(at, light, ball(i));
    open *= 1.0 - occlusionOf(at, normal, ball(i));
  }
  float sky = 0.5 + 0.5 * normal.y;
  float bounce = 0.5 - 0.5 * normal.y;
  float diffuse = paint * (1.20 * lit * max(dot(normal, light), 0.0) + open * (0.26 * sky + 0.20 * bounce));
  float shine = pow(max(dot(reflect(along, normal), light), 0.0), 60.0) * lit * gloss;
  return diffuse + shine;
}

// The grey that a ray sees, and where its mirror image comes from: from, along; strength 0 for none.
float see(inout vec3 from, inout vec3 along, out float strength) {
  float nearest = 1e6;
  int self = -1;
  for (int i = 0; i < COUNT; i++) {
    float t = hitBall(from, along, ball(i));
    if (t > 1e-3 && t < nearest) {
      nearest = t;
      self = i;
    }
  }
  float floorAt = along.y < 0.0 ? -from.y / along.y : -1.0;
  strength = 0.0;
  if (floorAt > 1e-3 && floorAt < nearest) {
    vec3 at = from + floorAt * along;
    vec3 normal = vec3(0.0, 1.0, 0.0);
    float wide = 0.0035 * floorAt;
    float tile = checker(1.1 * at.xz + vec2(0.35, 0.2), vec2(wide, wide / max(-along.y, 0.05)));
    float grey = shade(at, normal, along, -1, mix(0.28, 0.80, tile), 0.0);
    grey = mix(backdrop(along), grey, exp(-0.00045 * floorAt * floorAt * floorAt));
    strength = 0.08 + 0.5 * pow(1.0 - abs(along.y), 5.0);
    strength *= exp(-0.05 * floorAt);
    from = at;
    along = reflect(along, normal);
    return grey;
  }
  if (self < 0) return backdrop(along);
  vec3 at = from + nearest * along;
  vec3 normal = normalize(at - ball(self).xyz);
  float gloss = self == 1 ? 1.0 : 0.5;
  float grey = shade(at, normal, along, self, albedo(self), gloss);
  strength = (self == 1 ? 0.25 : 0.03) + 0.5 * pow(1.0 - abs(dot(along, normal)), 5.0);
  from = at;
  along = reflect(along, normal);
  return grey;
}

float camera(vec2 pixel) {
  vec2 p = (2.0 * pixel - size) / size.y;
  vec3 from = vec3(0.35, 1.75, -6.2);
  vec3 along = normalize(vec3(p.x * 0.335, -p.y * 0.335 - 0.185, 1.0));
  float strength, next;
  float grey = see(from, along, strength);
  float mirrored = see(from, along, next);
  float light = mix(grey, mirrored, strength);
  // bent from 0.6 on, so that highlights keep their shape
  return light < 0.6 ? light : 0.6 + 0.4 * (1.0 - exp((0.6 - light) / 0.4));
}

vec4 effect(vec4 color, Image unused, vec2 uv, vec2 screen) {
  vec2 pixel = uv * size;
  float grey = 0.0;
  for (int i = 0; i < 4; i++) {
    grey += camera(pixel + vec2(mod(float(i), 2.0), floor(float(i) / 2.0)) * 0.5 - 0.25);
  }
  return vec4(vec3(grey / 4.0), 1.0);
}

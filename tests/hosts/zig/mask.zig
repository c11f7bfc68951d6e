//! Zig 0.16 and newer: the 64x64 `dither` mask of seed 7, a step at a time, by the header as it is and without a C library. Prints
//! FNV-1a 64 over the ranks as little-endian u32. PREFIX is where ffi/build left the library:
//!
//!     zig translate-c PREFIX/include/bluegrad.h >bluegrad.zig
//!     zig build-exe --dep bluegrad -Mmask=mask.zig PREFIX/lib/libbluegrad.a -Mbluegrad=bluegrad.zig
//!
//! or addTranslateC in a build.zig; older ones had @cImport.
const std = @import("std");
const c = @import("bluegrad");

/// A run in memory of an allocator's. One thread at a time.
const Run = struct {
    const Memory = []align(c.BLUEGRAD_MEMORY_ALIGN) u8;

    memory: Memory,
    generator: *c.bluegrad_generator,

    fn init(allocator: std.mem.Allocator, config: *const c.bluegrad_config) !Run {
        // Unlike the status it says which number is wrong, and what would be right.
        var text: [128]u8 = undefined;
        if (c.bluegrad_config_check(config, &text, text.len) != c.BLUEGRAD_OK) {
            std.log.warn("{s}", .{std.mem.sliceTo(&text, 0)});
            return error.Bluegrad;
        }
        const memory: Memory = try allocator.alignedAlloc(u8, .fromByteUnits(c.BLUEGRAD_MEMORY_ALIGN), c.bluegrad_memory_size(config));
        errdefer allocator.free(memory);
        var generator: ?*c.bluegrad_generator = null;
        try check(c.bluegrad_init(memory.ptr, memory.len, config, &generator));
        return .{ .memory = memory, .generator = generator.? };
    }

    fn deinit(run: *Run, allocator: std.mem.Allocator) void {
        allocator.free(run.memory);
        run.* = undefined;
    }

    /// Does up to so many steps; 0 does nothing but report.
    fn step(run: *Run, steps: u32) !c.bluegrad_report {
        var report: c.bluegrad_report = undefined;
        try check(c.bluegrad_step(run.generator, steps, null, &report));
        return report;
    }

    /// The ranks of the finished mask, each of 0 to `to.len - 1` once.
    fn ranks(run: *const Run, to: []u32) !void {
        try check(c.bluegrad_read_ranks(run.generator, to.ptr, @sizeOf(u32) * to.len, null));
    }
};

fn check(status: c.bluegrad_status) !void {
    if (status == c.BLUEGRAD_OK) return;
    std.log.warn("{s}", .{c.bluegrad_status_string(status)});
    return error.Bluegrad;
}

pub fn main(init: std.process.Init) !void {
    const side = 64;
    var config: c.bluegrad_config = undefined;
    try check(c.bluegrad_config_default(&config, @sizeOf(c.bluegrad_config), c.BLUEGRAD_PRESET_DITHER, side, side));
    config.seed = 7;

    var run: Run = try .init(init.gpa, &config);
    defer run.deinit(init.gpa);
    var ranks: [side * side]u32 = undefined;
    if (run.ranks(&ranks)) |_| return error.MaskBeforeItsLastStep else |_| {}
    while (!(try run.step(1)).done) {}
    try run.ranks(&ranks);

    config.shape.width = 7;
    if (Run.init(init.gpa, &config)) |_| return error.TooNarrowAMask else |_| {}

    var hash: std.hash.Fnv1a_64 = .init();
    for (ranks) |rank| hash.update(std.mem.asBytes(&std.mem.nativeToLittle(u32, rank)));
    var line: [17]u8 = undefined;
    try std.Io.File.stdout().writeStreamingAll(init.io, try std.fmt.bufPrint(&line, "{x:0>16}\n", .{hash.final()}));
}

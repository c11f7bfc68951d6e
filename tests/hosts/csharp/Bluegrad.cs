// Tileable blue-noise masks: bluegrad's C library by P/Invoke. What it does not declare, add from bluegrad.h in the same way.
//
//     using (var run = new Bluegrad.Run(Bluegrad.Preset.Dither, 64, 64, seed: 7)) {
//         while (!run.Step().IsDone) { }      // a slice of steps a frame
//         byte[] texture = run.U8();
//     }
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Bluegrad {
    public enum Preset : uint {
        Dither, DitherFast, DitherClassic, DitherBest, DitherSmooth, DitherNear, DitherGradient, VoidAndCluster, Spectral, Published,
    }

    /// <summary>What the library refused, in its own words.</summary>
    public sealed class Error : Exception {
        public readonly int Status;

        internal Error(int status, string text) : base(text) {
            Status = status;
        }

        internal static void Check(int status) {
            if (status != 0) throw new Error(status, Marshal.PtrToStringAnsi(Native.bluegrad_status_string(status)));
        }
    }

    /// <summary>bluegrad_report: how far a run is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct Report {
        public uint Stage, Step, Steps;
        public fixed float Losses[8];
        public float GradientNorm;
        public uint Level;
        byte done;
        fixed byte reserved[27];

        public bool IsDone { get { return done != 0; } }
    }

    /// <summary>A run in memory of its own. One thread at a time.</summary>
    public sealed class Run : IDisposable {
        const int Align = 64;
        readonly int elements;
        IntPtr block, generator;

        public Run(Preset preset, int width, int height, ulong seed = 0, int layers = 1, int channels = 1) {
            Config config;
            uint structSize = (uint)Marshal.SizeOf(typeof(Config));
            Error.Check(Native.bluegrad_config_default(out config, structSize, preset, checked((uint)width), checked((uint)height)));
            config.Seed = seed;
            config.Layers = checked((uint)layers);
            config.Channels = checked((uint)channels);
            // Unlike the status it says which number is wrong, and what would be right.
            var text = new StringBuilder(128);
            int status = Native.bluegrad_config_check(ref config, text, (UIntPtr)text.Capacity);
            if (status != 0) throw new Error(status, text.ToString());
            UIntPtr size = Native.bluegrad_memory_size(ref config);
            elements = checked(layers * height * width * channels);
            block = Marshal.AllocHGlobal(checked((IntPtr)((long)size + Align)));
            var memory = (IntPtr)(((long)block + Align - 1) & -Align);
            try {
                Error.Check(Native.bluegrad_init(memory, size, ref config, out generator));
            } catch (Error) {
                Dispose();
                throw;
            }
        }

        ~Run() {
            Free();
        }

        public void Dispose() {
            Free();
            GC.SuppressFinalize(this);
        }

        /// <summary>Does up to so many steps; 0 does nothing but report.</summary>
        public Report Step(uint steps = 1) {
            Report report;
            Error.Check(Native.bluegrad_step(generator, steps, IntPtr.Zero, out report));
            GC.KeepAlive(this);
            return report;
        }

        /// <summary>The finished mask as bytes, in the order layer, row, column, channel: a texture.</summary>
        public byte[] U8() {
            var values = new byte[elements];
            Error.Check(Native.bluegrad_read_u8(generator, values, (UIntPtr)values.Length, IntPtr.Zero));
            GC.KeepAlive(this);
            return values;
        }

        /// <summary>The finished mask as ranks, each of 0 to width*height - 1 once in each channel of each layer.</summary>
        public uint[] Ranks() {
            var ranks = new uint[elements];
            Error.Check(Native.bluegrad_read_ranks(generator, ranks, (UIntPtr)(ranks.Length * sizeof(uint)), IntPtr.Zero));
            GC.KeepAlive(this);
            return ranks;
        }

        // The library has nothing to free: the memory is all there is. After it every call is refused.
        void Free() {
            Marshal.FreeHGlobal(block);
            block = generator = IntPtr.Zero;
        }
    }

    /// <summary>bluegrad_config; stages, profile, filters and distribution are left as words.</summary>
    [StructLayout(LayoutKind.Sequential)]
    unsafe struct Config {
        public uint StructSize, Width, Height, Layers, Channels, Level;
        public ulong Seed;
        fixed uint distribution[2 + 65];
        public uint Start, StageCount;
        fixed uint stages[8 * 64];
        fixed uint profile[2 * 32 + 1];
        fixed uint filters[76];
        fixed uint reserved[16];
    }

    static class Native {
        // libbluegrad.so, bluegrad.dll or libbluegrad.dylib, where the system looks.
        const string Library = "bluegrad";

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr bluegrad_status_string(int status);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int bluegrad_config_default(out Config config, uint structSize, Preset preset, uint width, uint height);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int bluegrad_config_check(ref Config config, [Out] StringBuilder text, UIntPtr textSize);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr bluegrad_memory_size(ref Config config);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int bluegrad_init(IntPtr memory, UIntPtr size, ref Config config, out IntPtr generator);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int bluegrad_step(IntPtr generator, uint steps, IntPtr jobs, out Report report);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int bluegrad_read_u8(IntPtr generator, [Out] byte[] to, UIntPtr size, IntPtr region);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int bluegrad_read_ranks(IntPtr generator, [Out] uint[] to, UIntPtr size, IntPtr region);
    }
}

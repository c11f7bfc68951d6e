// C#: the 64x64 `dither` mask of seed 7, a step at a time. Prints FNV-1a 64 over the ranks as little-endian u32.
using System;
using Bluegrad;

static class Mask {
    static ulong Hash(uint[] ranks) {
        ulong sum = 0xcbf29ce484222325;
        foreach (uint rank in ranks) {
            for (int shift = 0; shift < 32; shift += 8) {
                sum = unchecked((sum ^ (rank >> shift & 0xff)) * 0x100000001b3);
            }
        }
        return sum;
    }

    static string Refused(Action call) {
        try {
            call();
        } catch (Error error) {
            return error.Message;
        }
        throw new Exception("the library took what it should refuse");
    }

    static void Main() {
        using (var run = new Run(Preset.Dither, 64, 64, seed: 7)) {
            Console.Error.WriteLine("too soon: " + Refused(() => run.U8()));
            Report report;
            do {
                report = run.Step();
                Console.Error.Write("\rstep {0} of {1}", report.Step, report.Steps);
            } while (!report.IsDone);
            Console.Error.WriteLine();
            if (run.U8().Length != 64 * 64) throw new Exception("not a texture");
            Console.WriteLine(Hash(run.Ranks()).ToString("x16"));
            run.Dispose();
            Console.Error.WriteLine("given up: " + Refused(() => run.Step()));
        }
        Console.Error.WriteLine("7 pixels wide: " + Refused(() => new Run(Preset.Dither, 7, 64)));
        Console.Error.WriteLine("no such preset: " + Refused(() => new Run((Preset)99, 64, 64)));
    }
}

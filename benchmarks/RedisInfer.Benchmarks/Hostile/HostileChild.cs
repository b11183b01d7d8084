using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>The work of a child process: runs the ranges of inputs that its parent sends, until the parent closes the pipe.</summary>
internal static class HostileChild
{
    public static async Task<int> RunAsync(HostileKind kind, ulong seed)
    {
        await using IHostileKind inputs = kind.Create();
        await inputs.PrepareAsync();
        Say(ChildProtocol.Format(ChildProtocol.Ready));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            long[] range = [.. line.Split(' ').Select(part => long.Parse(part, CultureInfo.InvariantCulture))];
            for (long number = range[0]; number < range[0] + range[1]; number++)
            {
                Say(ChildProtocol.Format(ChildProtocol.Begin, number));
                (Verdict verdict, string detail) = await JudgeAsync(inputs, Numbers(kind.Name, seed, number));
                Say(ChildProtocol.Format(verdict.ToString(), number, detail));
            }

            Say(ChildProtocol.Format(ChildProtocol.Done, ReadResidentBytes()));
        }

        return 0;
    }

    private static async Task<(Verdict Verdict, string Detail)> JudgeAsync(IHostileKind inputs, Random random)
    {
        try
        {
            await inputs.RunAsync(random);
            return (Verdict.Accepted, "");
        }
        catch (Exception e)
        {
            return (ErrorClarity.IsClear(e) ? Verdict.Refused : Verdict.Unclear, ErrorClarity.Describe(e));
        }
    }

    // The same numbers on every machine and for every order of inputs.
    private static Random Numbers(string kind, ulong seed, long number) => new(unchecked((int)XxHash32.HashToUInt32(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {seed} {number}")))));

    private static long ReadResidentBytes()
    {
        GC.GetTotalMemory(forceFullCollection: true);
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}

using System.CommandLine;
using System.Globalization;

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>Feeds hostile inputs of every kind to RedisInfer, each kind in child processes, so that a death is seen and counted.</summary>
internal static class HostileCommand
{
    private const int DefaultInputs = 100_000;

    public static Command Create()
    {
        string names = string.Join(", ", HostileKinds.All.Select(kind => kind.Name));
        var inputs = new Option<int>("--inputs")
        {
            Description = "Inputs of all kinds together.",
            DefaultValueFactory = _ => DefaultInputs,
        };
        var minutes = new Option<double?>("--minutes") { Description = "Ends the run after this time, even if inputs are left (default: no limit)." };
        var seed = new Option<ulong?>("--seed") { Description = "Seed of all inputs (default: random; the first line prints it)." };
        var kinds = new Option<string[]>("--kind") { Description = $"Only this kind; may be repeated (default: all): {names}." };
        var first = new Option<long>("--first") { Description = "Number of the first input of each kind, to repeat one (default: 0)." };
        var child = new Option<bool>("--child") { Description = "Runs the inputs that a parent process sends.", Hidden = true };
        var command = new Command("hostile", "Feeds hostile inputs: none may end the process, hang, or get an unclear error.")
        {
            inputs, minutes, seed, kinds, first, child,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                IReadOnlyList<HostileKind> chosen = Choose(parsed.GetValue(kinds) ?? [], names);
                ulong theSeed = parsed.GetValue(seed) ?? (ulong)Random.Shared.NextInt64(1, 1_000_000_000);
                if (parsed.GetValue(child))
                {
                    return await HostileChild.RunAsync(chosen[0], theSeed);
                }

                Check(parsed.GetValue(inputs), parsed.GetValue(minutes), parsed.GetValue(first));
                return await RunAsync(
                    HostileKinds.Divide(parsed.GetValue(inputs), chosen), theSeed, parsed.GetValue(first), parsed.GetValue(minutes), cancellationToken);
            }
            catch (ArgumentException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return ExitStatus.WrongInput;
            }
            catch (OperationCanceledException)
            {
                await Console.Error.WriteLineAsync("The run was interrupted, so it found nothing out. Run it again.");
                return ExitStatus.Interrupted;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyDictionary<HostileKind, int> shares, ulong seed, long first, double? minutes, CancellationToken cancellationToken)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed={seed}"));
        KindRun[] runs = [.. shares.Where(share => share.Value > 0).Select(share => new KindRun(share.Key, seed, first, share.Value))];
        using var timeIsOver = new CancellationTokenSource();
        if (minutes is { } limit)
        {
            timeIsOver.CancelAfter(TimeSpan.FromMinutes(limit));
        }

        try
        {
            var run = new HostileRun(runs);
            await run.RunAsync(timeIsOver.Token, cancellationToken);
            return run.Report();
        }
        finally
        {
            foreach (KindRun run in runs)
            {
                await run.DisposeAsync();
            }
        }
    }

    private static IReadOnlyList<HostileKind> Choose(string[] names, string known) => names.Length == 0
        ? HostileKinds.All
        : [.. names.Select(name => HostileKinds.Find(name)
            ?? throw new ArgumentException($"--kind names '{name}', which is no kind. Use one of: {known}."))];

    private static void Check(int inputs, double? minutes, long first)
    {
        if (inputs < 1)
        {
            throw new ArgumentException($"--inputs is {inputs}. Set it to 1 or more.");
        }

        if (minutes is not (null or (> 0 and < 100_000)))
        {
            throw new ArgumentException($"--minutes is {minutes}. Set it to more than 0.");
        }

        if (first < 0)
        {
            throw new ArgumentException($"--first is {first}. Set it to 0 or more.");
        }
    }
}

using System.CommandLine;

namespace RedisInfer.Benchmarks.Check;

/// <summary>Runs the headline figures of all commands at a small size, and says which are worse than their bounds.</summary>
internal static class CheckCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="root">The command that holds all others. It checks the command lines of the file before anything runs.</param>
    public static Command Create(RootCommand root)
    {
        var only = new Option<string[]>("--only") { Description = "Commands to run: repeated, or separated by commas (default: all)." };
        var record = new Option<bool>("--record") { Description = $"Write the values, the date and the machine to {FiguresFile.Name}." };
        var tries = new Option<int?>("--tries") { Description = "With --record: runs of each command; several also record the noise (default: 1)." };
        var command = new Command("check", $"Compares the headline figures of all commands with the bounds in {FiguresFile.Name}.")
        {
            only, record, tries,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                int? recordTries = GetRecordTries(parsed.GetValue(record), parsed.GetValue(tries));
                IReadOnlyList<Measurement> all = await FiguresFile.ReadAsync(cancellationToken);
                Validate(all, root, command);
                return await new CheckRun(all, GetNames(parsed.GetValue(only) ?? [], all), recordTries).RunAsync(cancellationToken);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return ExitStatus.WrongInput;
            }
            catch (OperationCanceledException)
            {
                await Console.Error.WriteLineAsync("The check was interrupted, so it found nothing out. Run it again.");
                return ExitStatus.Interrupted;
            }
        });
        return command;
    }

    private static int? GetRecordTries(bool record, int? tries) => (record, tries) switch
    {
        (false, null) => null,
        (false, _) => throw new ArgumentException("--tries was given without --record. Add --record, or leave --tries out."),
        (true, < 1) => throw new ArgumentException($"--tries is {tries}. Set it to 1 or more."),
        (true, _) => tries ?? 1,
    };

    private static HashSet<string> GetNames(string[] only, IReadOnlyList<Measurement> all)
    {
        HashSet<string> names = [.. only.SelectMany(one => one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        string[] known = [.. all.Select(measurement => measurement.GetName()).Distinct()];
        return names.Except(known).FirstOrDefault() is { } unknown
            ? throw new ArgumentException($"--only names '{unknown}', which is not in {FiguresFile.Name}. Use one of: {string.Join(", ", known)}.")
            : names;
    }

    /// <summary>Finds a wrong command line now, and not after minutes of measuring.</summary>
    private static void Validate(IReadOnlyList<Measurement> all, RootCommand root, Command self)
    {
        foreach (Measurement measurement in all)
        {
            ParseResult parsed = root.Parse(measurement.Command);
            string? problem = parsed.CommandResult.Command == self ? "It would run itself." : parsed.Errors.FirstOrDefault()?.Message;
            if (problem is not null)
            {
                throw new InvalidDataException($"{FiguresFile.Name} has a wrong command '{measurement.Command}': {problem} Correct it there.");
            }
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>The inputs of one kind in a run: what is done, what became of it, and the child that does it.</summary>
internal sealed class KindRun(HostileKind kind, ulong seed, long first, int total) : IAsyncDisposable
{
    // Between two ranges another kind can have the CPU, and the child's memory is measured.
    private const int RangesOfAKind = 20;
    private const int LongestRange = 500;

    private readonly Dictionary<Verdict, int> _counts = [];
    private readonly List<(int Done, long Bytes)> _resident = [];
    private readonly Stopwatch _busy = new();
    private ChildProcess? _child;
    private double _growthMb;
    private (long Number, TimeSpan Time) _slowest;

    public List<Finding> Findings { get; } = [];

    public int Done { get; private set; }

    public bool IsDone => Done >= total;

    /// <summary>The share of the inputs that is done.</summary>
    public double Progress => (double)Done / total;

    /// <summary>Growth of a child's resident memory from the first fifth of its inputs to its end: the largest of the children.</summary>
    public double ResidentGrowthMb => Math.Max(_growthMb, Growth());

    public int Count(Verdict verdict) => _counts.GetValueOrDefault(verdict);

    /// <summary>Runs the next range, or the rest of it after an input that ended the child.</summary>
    public async Task RunRangeAsync(CancellationToken cancellationToken)
    {
        _busy.Start();
        try
        {
            int left = Math.Min(Math.Clamp(total / RangesOfAKind, 1, LongestRange), total - Done);
            while (left > 0)
            {
                _child ??= await ChildProcess.StartAsync(kind, seed, cancellationToken);
                left -= await RunRangeAsync(_child, first + Done, left, cancellationToken);
            }
        }
        finally
        {
            _busy.Stop();
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{kind.Name}: inputs {Done}, refused {Count(Verdict.Refused)}, accepted {Count(Verdict.Accepted)}, "
        + $"{Done / Math.Max(.001, _busy.Elapsed.TotalSeconds):0.0} inputs/s, deaths {Count(Verdict.Death)}, hangs {Count(Verdict.Hang)}, "
        + $"unclear {Count(Verdict.Unclear)}, slowest {_slowest.Time.TotalSeconds:0.0} s (input {_slowest.Number}), resident growth {ResidentGrowthMb:0.0} MB");

    public ValueTask DisposeAsync() => EndChildAsync();

    private async Task<int> RunRangeAsync(ChildProcess child, long start, int count, CancellationToken cancellationToken)
    {
        int before = Done;
        long number = start;
        long begun = Stopwatch.GetTimestamp();
        try
        {
            await child.SendAsync(start, count);
            while (await child.ReadVerdictAsync(cancellationToken) is { } line)
            {
                if (ChildProtocol.Parse(line) is not { } said)
                {
                    continue;
                }

                switch (said.Word)
                {
                    case ChildProtocol.Begin:
                        number = said.Number;
                        begun = Stopwatch.GetTimestamp();
                        break;
                    case ChildProtocol.Done:
                        _resident.Add((Done, said.Number));
                        return Done - before;
                    default:
                        NoteTime(number, Stopwatch.GetElapsedTime(begun));
                        Add(number, Enum.Parse<Verdict>(said.Word), said.Detail);
                        break;
                }
            }

            Add(number, Verdict.Death, await child.ReadLastWordsAsync());
        }
        catch (IOException)
        {
            Add(number, Verdict.Death, await child.ReadLastWordsAsync());
        }
        catch (TimeoutException)
        {
            Add(number, Verdict.Hang, string.Create(CultureInfo.InvariantCulture, $"no verdict after {ChildProcess.LongestInput.TotalSeconds} s of computing, or a minute of waiting"));
        }

        await EndChildAsync();
        return Done - before;
    }

    private void Add(long number, Verdict verdict, string detail)
    {
        Done++;
        _counts[verdict] = Count(verdict) + 1;
        if (verdict is Verdict.Accepted or Verdict.Refused)
        {
            return;
        }

        var finding = new Finding(kind.Name, seed, number, verdict, ErrorClarity.OneLine(detail));
        Findings.Add(finding);
        Console.Error.WriteLine(finding);
    }

    private void NoteTime(long number, TimeSpan time)
    {
        if (time > _slowest.Time)
        {
            _slowest = (number, time);
        }
    }

    private async ValueTask EndChildAsync()
    {
        _growthMb = ResidentGrowthMb;
        _resident.Clear();
        if (_child is { } child)
        {
            _child = null;
            await child.DisposeAsync();
        }
    }

    private double Growth()
    {
        int early = _resident.FindIndex(sample => sample.Done - _resident[0].Done >= (_resident[^1].Done - _resident[0].Done) / 5.0);
        return early < 0 ? 0 : (_resident[^1].Bytes - _resident[early].Bytes) / 1e6;
    }
}

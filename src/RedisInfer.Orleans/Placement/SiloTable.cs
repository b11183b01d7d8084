using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace RedisInfer.Orleans.Placement;

/// <summary>
/// The load of all silos, as they last told it, and of this one as it is. Which silos are alive is known from Orleans' membership. Thread-safe.
/// </summary>
internal sealed class SiloTable
{
    // A silo that misses so many reports is asked only if there is no other.
    private const int MissedReports = 12;

    private readonly ILocalSiloDetails _local;
    private readonly IClusterMembershipService _membership;
    private readonly IReadOnlyList<LocalRuntime> _runtimes;
    private readonly OrleansRoutingOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<SiloAddress, SiloEntry> _others = new();

    public SiloTable(
        ILocalSiloDetails local,
        IClusterMembershipService membership,
        IEnumerable<LocalRuntime> runtimes,
        IOptions<OrleansRoutingOptions> options,
        TimeProvider time)
    {
        _local = local;
        _membership = membership;
        _runtimes = [.. runtimes];
        _options = options.Value;
        _time = time;
    }

    public SiloAddress Local => _local.SiloAddress;

    /// <summary>Name of this silo.</summary>
    public string LocalName => _local.Name;

    public IReadOnlyList<LocalRuntime> Runtimes => _runtimes;

    /// <summary>The runtime of this silo that may answer; <see langword="null"/>: there is none.</summary>
    /// <param name="runtime">A group, or a key.</param>
    public LocalRuntime? Find(string runtime) => _runtimes.FirstOrDefault(one => one.Key == runtime || one.Describe()?.Group == runtime);

    /// <summary>The other silos that are alive.</summary>
    public IReadOnlyList<SiloAddress> Others() =>
        [.. _membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(Local))
            .Select(member => member.SiloAddress)];

    /// <summary>What this silo tells others.</summary>
    public SiloReport Describe() => new(Local, LocalName, [.. _runtimes.Select(runtime => runtime.Describe()).OfType<RuntimeReport>()]);

    /// <summary>Takes what another silo tells.</summary>
    public void Take(SiloReport report)
    {
        EntryOf(report.Silo).Take(report, _time.GetTimestamp());
        foreach (SiloAddress silo in _others.Keys.Where(silo => !IsAlive(silo)))
        {
            _others.TryRemove(silo, out _);
        }
    }

    /// <summary>What is known of another silo.</summary>
    public SiloEntry EntryOf(SiloAddress silo) => _others.GetOrAdd(silo, _ => new SiloEntry());

    /// <summary>The silos that may answer.</summary>
    /// <param name="runtime">A group, or a key.</param>
    public IReadOnlyList<RagClusterHost> Hosts(string runtime) =>
    [
        .. Candidates(runtime).Select(one => new RagClusterHost
        {
            Name = one.Report.Name,
            IsLocal = one.Entry is null,
            Load = one.Bin.Load,
            Slots = one.Bin.Slots,
        }),
    ];

    /// <summary>Chooses the silo for a question.</summary>
    /// <param name="runtime">Which runtimes may answer: a group, or a key.</param>
    /// <param name="context">The context of the question.</param>
    /// <param name="mayTake">Whether a silo may be chosen.</param>
    /// <returns>The silo; <see langword="null"/> if none may answer.</returns>
    public SiloChoice? Choose(string runtime, string context, Func<SiloAddress, bool> mayTake)
    {
        List<(SiloReport Report, SiloEntry? Entry, Bin Bin)> all = [.. Candidates(runtime)];
        List<(SiloReport Report, SiloEntry? Entry, Bin Bin)> usable = [.. all.Where(one => mayTake(one.Report.Silo))];
        List<(SiloReport Report, SiloEntry? Entry, Bin Bin)> heard = [.. usable.Where(one => one.Entry is null || !IsSilent(one.Entry))];
        usable = heard.Count > 0 ? heard : usable;
        if (usable.Count == 0)
        {
            return null;
        }

        (int index, bool isMoved) = BoundedHashing.Choose(context, [.. usable.Select(one => one.Bin)], _options.LoadFactor);
        SiloReport report = usable[index].Report;

        // Without silos that are not usable, the context may belong to another one.
        isMoved |= usable.Count < all.Count && !IsFirst(context, all, report.Silo);
        return new SiloChoice(report.Silo, report.Name, isMoved);
    }

    private IEnumerable<(SiloReport Report, SiloEntry? Entry, Bin Bin)> Candidates(string runtime)
    {
        foreach ((SiloReport? report, SiloEntry? entry) in _others.Values.Select(entry => (entry.Report, (SiloEntry?)entry)).Append((Describe(), null)))
        {
            if (report?.Runtimes.FirstOrDefault(one => one.Answers(runtime)) is { } found && IsAlive(report.Silo))
            {
                // The address without the generation: a silo that restarts at its address keeps its contexts.
                yield return (report, entry, new Bin(report.Silo.Endpoint.ToString(), entry?.LoadOf(found) ?? found.Load, Math.Max(1, found.Slots)));
            }
        }
    }

    private static bool IsFirst(string context, List<(SiloReport Report, SiloEntry? Entry, Bin Bin)> all, SiloAddress silo) =>
        all[BoundedHashing.Choose(context, [.. all.Select(one => one.Bin with { Load = 0 })], loadFactor: 1).Index].Report.Silo.Equals(silo);

    private bool IsAlive(SiloAddress silo) => _membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active;

    private bool IsSilent(SiloEntry entry) => _time.GetElapsedTime(entry.ReceivedAt) > MissedReports * _options.ReportInterval;
}

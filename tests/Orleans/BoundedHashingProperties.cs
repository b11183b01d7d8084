using FsCheck;
using FsCheck.Fluent;
using RedisInfer.Orleans.Placement;

namespace RedisInfer.Tests.Orleans;

public sealed class BoundedHashingProperties
{
    private const double Factor = 1.25;

    private static Gen<Bin[]> AnyHosts { get; } =
        from count in Gen.Choose(1, 12)
        from loads in Gen.Choose(0, 40).ArrayOf(count)
        from slots in Gen.Choose(1, 8).ArrayOf(count)
        select loads.Zip(slots).Select((pair, i) => new Bin($"10.0.0.{i}:11111", pair.First, pair.Second)).ToArray();

    private static Gen<Bin[]> IdleHosts { get; } = AnyHosts.Select(hosts => hosts.Select(host => host with { Load = 0 }).ToArray());

    private static Gen<string> AnyContext { get; } = Gen.Choose(0, int.MaxValue).Select(number => number.ToString("x8"));

    [Fact]
    public void TheChosenHostHasRoom() => Check(AnyHosts, (hosts, context) =>
    {
        Bin chosen = hosts[Choose(context, hosts)];
        return chosen.Load < BoundedHashing.Bound(chosen, hosts.Sum(host => host.Load), hosts.Sum(host => host.Slots), Factor);
    });

    [Fact]
    public void AnIdleClusterMovesNothing() => Check(IdleHosts, (hosts, context) => !BoundedHashing.Choose(context, hosts, Factor).IsMoved);

    [Fact]
    public void AHostThatLeavesMovesOnlyItsOwnContexts() => Check(IdleHosts.Where(hosts => hosts.Length > 1), (hosts, context) =>
    {
        string before = hosts[Choose(context, hosts)].Name;
        Bin[] rest = [.. hosts.Skip(1)];
        return before == hosts[0].Name || rest[Choose(context, rest)].Name == before;
    });

    [Fact]
    public void TheOrderOfHostsDoesNotMatter() => Check(AnyHosts, (hosts, context) =>
    {
        Bin[] reversed = [.. hosts.Reverse()];
        return hosts[Choose(context, hosts)].Name == reversed[Choose(context, reversed)].Name;
    });

    [Fact]
    public void AHotContextSpreadsWithinTheBoundsAndShrinksBack() => Check(IdleHosts, (hosts, context) =>
    {
        Bin[] loaded = [.. hosts];
        int first = Choose(context, hosts);
        int slots = hosts.Sum(host => host.Slots);
        int requests = 3 * slots;
        for (int load = 0; load < requests; load++)
        {
            int chosen = Choose(context, loaded);
            double bound = BoundedHashing.Bound(loaded[chosen], load, slots, Factor);
            loaded[chosen] = loaded[chosen] with { Load = loaded[chosen].Load + 1 };
            bool spreadsTooSoon = load < hosts[first].Slots && chosen != first;
            if (loaded[chosen].Load > bound || spreadsTooSoon)
            {
                return false;
            }
        }

        // A host that has nearly all slots may have all requests.
        bool mustSpread = BoundedHashing.Bound(hosts[first], requests - 1, slots, Factor) <= requests - 1;
        return (!mustSpread || loaded.Count(host => host.Load > 0) > 1) && Choose(context, hosts) == first;
    });

    [Fact]
    public void AHostWithMoreSlotsHasMoreContexts()
    {
        Bin[] hosts = [new("small", 0, 1), new("large", 0, 3)];
        int large = Enumerable.Range(0, 4000).Count(context => Choose($"{context}", hosts) == 1);

        Assert.InRange(large, 2800, 3200);
    }

    private static int Choose(string context, Bin[] hosts) => BoundedHashing.Choose(context, hosts, Factor).Index;

    private static void Check(Gen<Bin[]> hosts, Func<Bin[], string, bool> holds) =>
        Prop.ForAll(hosts.ToArbitrary(), AnyContext.ToArbitrary(), holds).QuickCheckThrowOnFailure();
}

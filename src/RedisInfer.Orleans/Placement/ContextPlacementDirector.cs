using Orleans.Runtime.Placement;

namespace RedisInfer.Orleans.Placement;

/// <summary>
/// Places a question on the silo that its key names, or else on one that <see cref="SiloTable"/> chooses, among those that Orleans knows to be
/// alive and to have the grain.
/// </summary>
internal sealed class ContextPlacementDirector(SiloTable silos) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = RouteKey.Parse(target.GrainIdentity.Key.ToString()!);
        SiloAddress[] compatible = context.GetCompatibleSilos(target);
        if (key.Silo is { } named)
        {
            // A question whose silo is gone is chosen another one by the host that asked.
            return compatible.Contains(named)
                ? Task.FromResult(named)
                : throw new SiloUnavailableException($"The silo {named} has left the cluster.");
        }

        return silos.Choose(key.Runtime, key.Context, compatible.Contains) is { } choice
            ? Task.FromResult(choice.Silo)
            : throw new SiloUnavailableException("No silo of this cluster can answer: none has loaded its model for this key.");
    }
}

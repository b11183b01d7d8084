using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class Observing
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddHealthChecks().AddRedisInfer(tags: ["ready"]);
    }
}

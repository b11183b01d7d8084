using Microsoft.Extensions.Options;

namespace RedisInfer.Orleans;

/// <summary>Connects <see cref="OrleansRoutingOptions.Validate"/> to the options system, which calls it when the host starts.</summary>
internal sealed class OrleansRoutingOptionsCheck : IValidateOptions<OrleansRoutingOptions>
{
    public ValidateOptionsResult Validate(string? name, OrleansRoutingOptions options) =>
        options.Validate() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}

using Microsoft.Extensions.Options;

namespace RedisInfer.Garnet;

/// <summary>Connects <see cref="GarnetOptions.Validate"/> to the options system, which calls it when the host starts.</summary>
/// <param name="name">Name of the options: the runtime's key.</param>
internal sealed class GarnetOptionsCheck(string name) : IValidateOptions<GarnetOptions>
{
    public ValidateOptionsResult Validate(string? optionsName, GarnetOptions options)
    {
        if (optionsName != name)
            return ValidateOptionsResult.Skip;

        IReadOnlyList<string> problems = options.Validate();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}

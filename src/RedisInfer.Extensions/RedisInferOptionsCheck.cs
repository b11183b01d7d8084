using Microsoft.Extensions.Options;

namespace RedisInfer.Extensions;

/// <summary>Connects <see cref="RedisInferOptions.Validate"/> to the options system, which calls it when the host starts.</summary>
/// <param name="name">Name of the options: the runtime's key.</param>
internal sealed class RedisInferOptionsCheck(string name) : IValidateOptions<RedisInferOptions>
{
    public ValidateOptionsResult Validate(string? optionsName, RedisInferOptions options)
    {
        if (optionsName != name)
        {
            return ValidateOptionsResult.Skip;
        }

        IReadOnlyList<string> problems = options.Validate();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}

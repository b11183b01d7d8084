namespace RedisInfer.Tests.Integration.Inference;

/// <summary>Each engine has its own test project, which runs all suites.</summary>
public sealed class ContractSuiteTests
{
    [Fact]
    public void EverySuiteRunsOnTheEngineOfThisProject()
    {
        Type[] types = typeof(ContractSuiteTests).Assembly.GetTypes();
        Type[] suites = [.. types.Where(type => type.IsAbstract && type.Namespace == typeof(EngineUnderTest).Namespace && type.Name.EndsWith("ContractTests", StringComparison.Ordinal))];

        Assert.True(suites.Length >= 10);
        Assert.All(suites, suite => Assert.Single(types, type => type.BaseType == suite));
    }
}

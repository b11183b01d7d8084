using System.Reflection;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>A connection that reports the commands that a store sends by name, such as those of Vector Sets.</summary>
public class ObservedConnection : DispatchProxy
{
    private object _inner = null!;
    private Action<string, object[]> _onExecute = null!;

    public static IConnectionMultiplexer Of(IConnectionMultiplexer connection, Action<string, object[]> onExecute) =>
        Wrap(connection, onExecute);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IDatabaseAsync.ExecuteAsync))
            _onExecute((string)args![0]!, [.. (IEnumerable<object>)args[1]!]);
        object? result = targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        return targetMethod.Name == nameof(IConnectionMultiplexer.GetDatabase) ? Wrap((IDatabase)result!, _onExecute) : result;
    }

    private static T Wrap<T>(T inner, Action<string, object[]> onExecute)
        where T : class
    {
        T proxy = Create<T, ObservedConnection>();
        var self = (ObservedConnection)(object)proxy;
        (self._inner, self._onExecute) = (inner, onExecute);
        return proxy;
    }
}

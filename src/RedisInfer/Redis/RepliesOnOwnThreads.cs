using System.Collections.Concurrent;
using System.Reflection;
using RedisInfer.Threads;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// A database whose replies continue on <see cref="OwnThreads"/>, even where several are awaited together. The client itself continues
/// with the thread pool, and a host whose callers block the pool would wait there for a thread.
/// </summary>
internal class RepliesOnOwnThreads : DispatchProxy
{
    private static readonly MethodInfo ForwardMethod =
        typeof(RepliesOnOwnThreads).GetMethod(nameof(ForwardAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly ConcurrentDictionary<Type, Func<Task, Task>> Forwards = new();

    private IDatabase _database = null!;

    public static IDatabase Of(IDatabase database)
    {
        IDatabase proxy = Create<IDatabase, RepliesOnOwnThreads>();
        ((RepliesOnOwnThreads)(object)proxy)._database = database;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        object? result = targetMethod!.Invoke(_database, BindingFlags.DoNotWrapExceptions, null, args, null);
        return result is Task { IsCompleted: false } reply && targetMethod.ReturnType is { IsGenericType: true } type
            ? Forwards.GetOrAdd(type, CreateForward)(reply)
            : result;
    }

    private static Func<Task, Task> CreateForward(Type type) =>
        ForwardMethod.MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Func<Task, Task>>();

    private static Task ForwardAsync<T>(Task reply) => ((Task<T>)reply).ViaOwnThread();
}

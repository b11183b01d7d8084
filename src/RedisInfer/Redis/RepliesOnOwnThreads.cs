using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
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
        // In a program that was compiled ahead of time, a proxy cannot be made. Replies then continue with the pool of the host.
        if (!RuntimeFeature.IsDynamicCodeSupported)
            return database;
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

    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The method is kept by its name, and asks nothing of its type argument.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "A proxy exists only if code can be generated.")]
    private static Func<Task, Task> CreateForward(Type type) =>
        ForwardMethod.MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Func<Task, Task>>();

    private static Task ForwardAsync<T>(Task reply) => ((Task<T>)reply).ViaOwnThread();
}

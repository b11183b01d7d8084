using System.Reflection;
using StackExchange.Redis;

namespace RedisInfer.Tests.Unit.Redis;

/// <summary>A database with answers to GET that the test sets. It knows no other command.</summary>
public class FakeDatabase : DispatchProxy
{
    private readonly Queue<TaskCompletionSource<Lease<byte>?>> _waiting = new();

    /// <summary>The immediate answer to every GET. If it is <see langword="null"/>, GETs wait for <see cref="Answer"/>.</summary>
    public byte[]? Value { get; set; }

    public static (IDatabaseAsync Database, FakeDatabase Fake) Create()
    {
        IDatabaseAsync database = Create<IDatabaseAsync, FakeDatabase>();
        return (database, (FakeDatabase)(object)database);
    }

    /// <summary>Answers the GET that has waited longest.</summary>
    public void Answer(Lease<byte>? lease) => _waiting.Dequeue().SetResult(lease);

    public void Fail(Exception exception) => _waiting.Dequeue().SetException(exception);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod?.Name)
        {
            case nameof(IDatabaseAsync.StringGetLeaseAsync) when Value is null:
                var waiting = new TaskCompletionSource<Lease<byte>?>();
                _waiting.Enqueue(waiting);
                return waiting.Task;
            case nameof(IDatabaseAsync.StringGetLeaseAsync):
                Lease<byte> lease = Lease<byte>.Create(Value.Length);
                Value.CopyTo(lease.Span);
                return Task.FromResult<Lease<byte>?>(lease);
            case nameof(IDatabaseAsync.StringGetAsync):
                return Task.FromResult((RedisValue)Value);
            default:
                throw new NotSupportedException(targetMethod?.Name);
        }
    }
}

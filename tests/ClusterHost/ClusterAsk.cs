using System.Text;

namespace RedisInfer.Tests.ClusterHost;

/// <summary>A command that a host works on, with what it has replied so far. Thread-safe.</summary>
/// <param name="id">Its number.</param>
public sealed class ClusterAsk(int id)
{
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ClusterReply> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id => id;

    /// <summary>Ends with the first piece of text, or with the command.</summary>
    public Task Begun => _begun.Task;

    /// <summary>The last reply.</summary>
    public Task<ClusterReply> End => _end.Task;

    /// <summary>The pieces of text so far.</summary>
    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    internal void Take(ClusterReply reply)
    {
        lock (_text)
            _text.Append(reply.Piece);
        if (reply.Piece is not null || reply.IsEnd)
            _begun.TrySetResult();
        if (reply.IsEnd)
            _end.TrySetResult(reply);
    }
}

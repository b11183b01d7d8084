using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RedisInfer.Threads;

namespace RedisInfer.Scheduling;

/// <summary>
/// The reader's end of a running generation. The decode loop writes pieces of text into a bounded channel. While the channel is full, the
/// loop pauses the sequence, so that a slow reader delays only its own sequence.
/// </summary>
internal sealed class CompletionStream
{
    // Most unread pieces before the sequence pauses. A piece is the text of one token. The last step of a generation may write two: the
    // text of its token, and text that was held back.
    private const int Lag = 64;
    private const int Capacity = Lag + 1;

    private readonly Channel<string> _pieces = Channel.CreateBounded<string>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });

    private readonly TaskCompletionSource<CompletionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _pieceRead;

    /// <summary>Creates the stream.</summary>
    /// <param name="pieceRead">Called after every piece that was read: there may be room again.</param>
    public CompletionStream(Action pieceRead) => _pieceRead = pieceRead;

    /// <summary>How the generation ended. Await it after the last piece.</summary>
    public Task<CompletionResult> Result => _result.Task;

    /// <summary>Whether a piece can be written. Only the loop writes, so it stays true until its next write.</summary>
    public bool HasRoom => _pieces.Reader.Count < Lag;

    /// <summary>Reads the text as it is generated.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _pieces.Reader.WaitToReadAsync(cancellationToken).OnOwnThread())
        {
            while (_pieces.Reader.TryRead(out string? piece))
            {
                _pieceRead();
                yield return piece;
            }
        }
    }

    /// <summary>Writes a piece. Check <see cref="HasRoom"/> before.</summary>
    public void Write(string piece)
    {
        if (piece.Length > 0 && !_pieces.Writer.TryWrite(piece))
        {
            throw new InvalidOperationException("The loop wrote to a stream that has no room. Check HasRoom before Write.");
        }
    }

    /// <summary>Ends the stream.</summary>
    /// <param name="rest">Text that was held back; the channel keeps one place for it.</param>
    /// <param name="result">How the generation ended.</param>
    public void Complete(string rest, CompletionResult result)
    {
        Write(rest);
        _result.TrySetResult(result);
        _pieces.Writer.TryComplete();
    }

    /// <summary>Ends the stream with an error, which the reader sees after the pieces written so far.</summary>
    public void Fail(Exception error)
    {
        _result.TrySetException(error);
        _ = _result.Task.Exception; // Observed: the reader gets the error from the channel.
        _pieces.Writer.TryComplete(error);
    }
}

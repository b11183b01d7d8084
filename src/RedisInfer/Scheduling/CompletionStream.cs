using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace RedisInfer.Scheduling;

/// <summary>
/// The reader's end of a running generation. The decode loop writes pieces of text into a bounded channel and lets the
/// sequence rest while it is full, so that a slow reader pauses its own sequence only.
/// </summary>
internal sealed class CompletionStream
{
    // Pieces a reader may lag behind before its sequence rests. A piece is the text of one token; the last step of a
    // generation may write two, its token's and what was held back.
    private const int Lag = 64;
    private const int Capacity = Lag + 1;

    private readonly Channel<string> _pieces = Channel.CreateBounded<string>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });

    private readonly TaskCompletionSource<CompletionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _pieceRead;

    /// <summary>Creates the stream.</summary>
    /// <param name="pieceRead">Called after every piece: there may be room again.</param>
    public CompletionStream(Action pieceRead) => _pieceRead = pieceRead;

    /// <summary>How the generation ended; to be awaited after the last piece.</summary>
    public Task<CompletionResult> Result => _result.Task;

    /// <summary>Whether a piece can be written. Only the loop writes, so it stays true until it does.</summary>
    public bool HasRoom => _pieces.Reader.Count < Lag;

    /// <summary>Reads the text as it is generated.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string piece in _pieces.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            _pieceRead();
            yield return piece;
        }
    }

    /// <summary>Writes a piece; the loop has asked <see cref="HasRoom"/> before.</summary>
    public void Write(string piece)
    {
        if (piece.Length > 0 && !_pieces.Writer.TryWrite(piece))
        {
            throw new InvalidOperationException("The loop wrote to a stream that has no room.");
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
        _ = _result.Task.Exception; // observed: the reader gets it from the channel
        _pieces.Writer.TryComplete(error);
    }
}

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
    // Most unread pieces before the sequence pauses. A piece is the text of one token. A step may write two for each of its tokens: text of a
    // thought and of the answer. At the end, two more may follow: text that was held back.
    private const int Lag = 64;
    private const int Capacity = Lag - 1 + (2 * (StepBatch.MaxDraftRows + 1));

    private readonly Channel<CompletionPiece> _pieces = Channel.CreateBounded<CompletionPiece>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });

    private readonly TaskCompletionSource<CompletionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _pieceRead;

    /// <summary>Creates the stream.</summary>
    /// <param name="pieceRead">Called after every piece that was read: there may be room again.</param>
    public CompletionStream(Action pieceRead) => _pieceRead = pieceRead;

    /// <summary>A stream of text that is known already.</summary>
    /// <param name="thought">The thought; may be empty.</param>
    /// <param name="answer">The answer. It is given word by word, if it has few words.</param>
    /// <param name="result">How its generation ended.</param>
    public static CompletionStream Of(string thought, string answer, CompletionResult result)
    {
        var stream = new CompletionStream(() => { });
        int length = Math.Max(1, answer.Length / Lag);
        int start = 0;
        while (answer.Length - start > length && answer.IndexOf(' ', start + length) is var end and > 0)
        {
            stream.Write(start == 0 ? thought : "", answer[start..end]);
            start = end;
        }

        stream.Complete(start == 0 ? thought : "", answer[start..], result);
        return stream;
    }

    /// <summary>How the generation ended. Await it after the last piece.</summary>
    public Task<CompletionResult> Result => _result.Task;

    /// <summary>Whether a piece can be written. Only the loop writes, so it stays true until its next write.</summary>
    public bool HasRoom => _pieces.Reader.Count < Lag;

    /// <summary>Reads the answer as it is generated, without thoughts.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (CompletionPiece piece in ReadPiecesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!piece.IsThought)
                yield return piece.Text;
        }
    }

    /// <summary>Reads thoughts and answer as they are generated.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    public async IAsyncEnumerable<CompletionPiece> ReadPiecesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _pieces.Reader.WaitToReadAsync(cancellationToken).OnOwnThread())
        {
            while (_pieces.Reader.TryRead(out CompletionPiece piece))
            {
                _pieceRead();
                yield return piece;
            }
        }
    }

    /// <summary>Writes pieces. Check <see cref="HasRoom"/> before.</summary>
    /// <param name="thought">Text of a thought; may be empty.</param>
    /// <param name="answer">Text of the answer after it; may be empty.</param>
    public void Write(string thought, string answer)
    {
        Write(new CompletionPiece(thought, IsThought: true));
        Write(new CompletionPiece(answer, IsThought: false));
    }

    /// <summary>Ends the stream.</summary>
    /// <param name="thought">Text of a thought that was held back; the channel keeps a place for it.</param>
    /// <param name="answer">Text of the answer that was held back; the channel keeps a place for it.</param>
    /// <param name="result">How the generation ended.</param>
    public void Complete(string thought, string answer, CompletionResult result)
    {
        Write(thought, answer);
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

    private void Write(CompletionPiece piece)
    {
        if (piece.Text.Length > 0 && !_pieces.Writer.TryWrite(piece))
        {
            throw new InvalidOperationException("The loop wrote to a stream that has no room. Check HasRoom before Write.");
        }
    }
}

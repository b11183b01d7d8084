using System.Text;
using RedisInfer.Errors;

namespace RedisInfer.Orleans.Relay;

/// <summary>
/// What the caller has of an answer. If another host begins the answer again, what the caller has is compared and left out.
/// </summary>
internal sealed class SentText
{
    private readonly StringBuilder _sent = new();
    private int _position;

    /// <summary>Whether the caller has any of it.</summary>
    public bool IsEmpty => _sent.Length == 0;

    /// <summary>A host begins the text.</summary>
    public void Restart() => _position = 0;

    /// <summary>Takes the next piece of a host.</summary>
    /// <returns>What of it the caller does not have.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.AnswerInterrupted"/>: the caller has another text.</exception>
    public string Take(string piece)
    {
        int known = Math.Min(piece.Length, _sent.Length - _position);
        for (int i = 0; i < known; i++)
        {
            if (_sent[_position + i] != piece[i])
            {
                throw Differs();
            }
        }

        _position += piece.Length;
        _sent.Append(piece, known, piece.Length - known);
        return known == 0 ? piece : piece[known..];
    }

    /// <summary>Checks that a text that has ended is not shorter than what the caller has.</summary>
    public void End()
    {
        if (_position < _sent.Length)
        {
            throw Differs();
        }
    }

    private static RedisInferException Differs() => new(
        RedisInferErrorCode.AnswerInterrupted,
        "The host that answered was lost, and another host began with another text. What was given so far is incomplete: ask again.");
}

using System.IO.Hashing;
using System.Text;
using RedisInfer.Prompting;
using RedisInfer.Retrieval;

namespace RedisInfer.Answering;

/// <summary>A question with the passages that were found for it, ready to be answered by any host of the same group. Immutable.</summary>
public sealed class FoundQuestion
{
    internal FoundQuestion(RagRequest request, RetrievalResult result, bool isRepeatable)
    {
        Request = request;
        Result = result;
        IsRepeatable = isRepeatable;
        Context = NameContext(request, result.Passages);
    }

    /// <summary>The question and its settings.</summary>
    public RagRequest Request { get; }

    /// <summary>Number of passages that were found.</summary>
    public int PassageCount => Result.Passages.Count;

    /// <summary>Whether the same question is answered by the same text again: its sampling is greedy, or has a seed.</summary>
    public bool IsRepeatable { get; }

    /// <summary>
    /// Name of what the prompt begins with, in hexadecimal digits. Questions of equal names share KV states, at least those of one passage.
    /// </summary>
    public string Context { get; }

    internal RetrievalResult Result { get; }

    /// <summary>
    /// Names a context by the first passage of its prompt. Prompts have passages in an order of their own, so those that share any prefix share
    /// the first. In a conversation, it is that of the first turn with passages.
    /// </summary>
    private static string NameContext(RagRequest request, IReadOnlyList<Passage> passages)
    {
        RagPassage? earlier = request.History?.FirstOrDefault(turn => turn.Passages.Count > 0)?.Passages.MinBy(passage => passage.Number);
        (string Path, int Index, string Text)? first = earlier is not null
            ? (earlier.Path, earlier.Chunk, earlier.Text)
            : passages.Order(Passage.CanonicalOrder).FirstOrDefault() is { } found ? (found.Path, found.Index, found.Text) : null;
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(request.Instructions);
        if (first is { } passage)
        {
            writer.Write(passage.Path);
            writer.Write(passage.Index);
            writer.Write(passage.Text);
        }

        writer.Flush();
        return Convert.ToHexStringLower(XxHash128.Hash(bytes.ToArray()));
    }
}

using System.Text;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>One document and one question for each caller. Each document is about a word of its own.</summary>
/// <param name="wordCount">Words in a document; about as many tokens.</param>
internal sealed class PeerPrompts(int wordCount)
{
    public const int Callers = 9;

    private static readonly string[] Subjects = ["gateways", "lanterns", "harbours", "orchards", "engines", "meadows", "bridges", "kitchens", "glaciers"];
    private static readonly string[] Words = ["backup", "order", "reader", "keeps", "writes", "every", "morning", "until", "the", "service", "of", "a", "day"];

    /// <summary>Words in a document.</summary>
    public int WordCount => wordCount;

    public string Document(int caller)
    {
        var random = new Random(caller);
        var text = new StringBuilder(Subjects[caller]);
        for (int i = 1; i < wordCount; i++)
        {
            text.Append(' ').Append(i % 40 == 0 ? Subjects[caller] : Words[random.Next(Words.Length)]);
        }

        return text.ToString();
    }

    public string Question(int caller) => $"What is known of {Subjects[caller]}?";

    /// <summary>Document and question as one text, for a host that joins them itself.</summary>
    public string Prompt(int caller) => $"[1] p{caller}\n{Document(caller)}\n\nQuestion: {Question(caller)}\nAnswer:";
}

namespace RedisInfer.Prompting;

/// <summary>Joins the tokens of a prompt, and notes where its parts end.</summary>
/// <param name="questionLabel">The tokens that every question begins with, unless the tokenizer joins them with the text that follows.</param>
/// <param name="capacity">Tokens to expect.</param>
internal sealed class PromptWriter(int[] questionLabel, int capacity)
{
    private readonly List<int> _tokens = new(capacity);
    private readonly List<PromptPassage> _passages = [];
    private readonly List<int> _partEnds = [];
    private int _sharedEnd = -1;

    /// <summary>Adds a fixed part, or instructions.</summary>
    public void Add(ReadOnlySpan<int> tokens) => _tokens.AddRange(tokens);

    /// <summary>Adds passages and a question.</summary>
    public void AddQuestion(IReadOnlyList<NumberedPassage> passages, ReadOnlySpan<int> question)
    {
        EndPart();
        foreach (NumberedPassage passage in passages)
        {
            _passages.Add(new PromptPassage(passage.Number, passage.Passage, _tokens.Count, passage.Heading.Length, passage.TokenCount));
            _tokens.AddRange(passage.Heading);
            _tokens.AddRange(passage.Passage.Tokens.Span);
            EndPart();
        }

        // A repeated question still waits for the tokens after the passages, so every token that can be shared there counts.
        if (question.StartsWith(questionLabel))
        {
            _tokens.AddRange(questionLabel);
            EndPart();
            question = question[questionLabel.Length..];
        }

        _sharedEnd = _sharedEnd < 0 ? _tokens.Count : _sharedEnd;
        _tokens.AddRange(question);
    }

    /// <summary>
    /// Adds an answer. Its part ends before its last token: if a limit ended the answer, that token was chosen, but never computed.
    /// </summary>
    public void AddAnswer(ReadOnlySpan<int> answer)
    {
        _tokens.AddRange(answer);
        EndPart(_tokens.Count - 1);
    }

    /// <summary>Ends the prompt.</summary>
    /// <param name="openThought">The form of the thought that it leaves open.</param>
    /// <param name="found">The passages of the question, whether they are before it or before an earlier question.</param>
    public Prompt Finish(ThoughtForm? openThought, IReadOnlyList<NumberedPassage> found) => new([.. _tokens], _passages, [.. _partEnds])
    {
        OpenThought = openThought,
        SharedEnd = _sharedEnd,
        Found = [.. found.Select(passage => passage.Passage.ToRagPassage(passage.Number, passage.TokenCount))],
    };

    private void EndPart() => EndPart(_tokens.Count);

    private void EndPart(int end)
    {
        if (_partEnds.Count == 0 || end > _partEnds[^1])
            _partEnds.Add(end);
    }
}

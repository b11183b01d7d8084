using System.Text.RegularExpressions;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Retrieval;

/// <summary>
/// Builds what a re-ranker reads: a question and a passage in the form that it was trained with. That is a pair with the marks of the
/// vocabulary, or a template of the model in which both are filled in. Text of questions and passages gives no control token. Immutable.
/// </summary>
internal sealed partial class RerankInput
{
    private const string QuestionPlace = "{query}";
    private const string PassagePlace = "{document}";

    // Fewer tokens are no question and no passage.
    private const int LeastRoom = 16;

    private readonly ITokenizer _tokenizer;
    private readonly int _limit;

    // The template, cut at its control tokens. Null: the model takes a plain pair.
    private readonly List<Part>? _template;
    private readonly int _fixedTokens;

    /// <summary>Prepares the form of a model.</summary>
    /// <param name="tokenizer">The tokenizer of the re-ranker.</param>
    /// <param name="template">The model's template; <see langword="null"/>: a plain pair.</param>
    /// <param name="path">Path of the model, which errors name.</param>
    /// <param name="limit">Most tokens of a pair.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the template has no place for one of the two, or leaves no room for them.
    /// </exception>
    public RerankInput(ITokenizer tokenizer, string? template, string path, int limit)
    {
        _tokenizer = tokenizer;
        _limit = limit;
        if (template is not null && !(template.Contains(QuestionPlace, StringComparison.Ordinal) && template.Contains(PassagePlace, StringComparison.Ordinal)))
        {
            throw Unusable(path, $"has no '{QuestionPlace}' or no '{PassagePlace}', where the question and the passage belong");
        }

        _template = template is null ? null : Cut(template);
        _fixedTokens = Join("", "").Length;
        if (_limit - _fixedTokens < LeastRoom)
        {
            throw Unusable(path, $"has {_fixedTokens} tokens without question and passage, but a pair may have {_limit}");
        }
    }

    /// <summary>Builds the pairs of a question.</summary>
    /// <param name="question">The question. It is cut to half of the room, so that there is always room for passages.</param>
    /// <param name="passages">The passages. Each is cut to what fits.</param>
    /// <param name="onCut">Called with the tokens of a text that is cut.</param>
    /// <returns>The tokens of each pair, at most as many as the limit.</returns>
    public IEnumerable<int[]> Build(string question, IEnumerable<string> passages, Action<int> onCut)
    {
        int room = _limit - _fixedTokens;
        string asked = Shorten(question, room / 2, onCut);
        room -= _tokenizer.CountTokens(asked);
        foreach (string passage in passages)
        {
            string text = Shorten(passage, room, onCut);
            int[] pair = Join(asked, text);

            // Joined texts may have a few more tokens than the texts alone.
            for (int most = room; pair.Length > _limit && text.Length > 0; pair = Join(asked, text))
            {
                most -= pair.Length - _limit;
                text = Shorten(text, most, _ => { });
            }

            yield return pair;
        }
    }

    private int[] Join(string question, string passage) => _template is not null
        ? [.. _template.SelectMany(part => part.Tokens ?? _tokenizer.Tokenize(Fill(part.Text, question, passage), parseSpecial: false))]
        :
        [
            .. _tokenizer.LeadingTokens.Span,
            .. _tokenizer.Tokenize(question, parseSpecial: false),
            .. _tokenizer.PairTokens.Span,
            .. _tokenizer.Tokenize(passage, parseSpecial: false),
            .. _tokenizer.TrailingTokens.Span,
        ];

    private static string Fill(string text, string question, string passage) =>
        Place().Replace(text, place => place.Value == QuestionPlace ? question : passage);

    /// <summary>
    /// Cuts a template at its control tokens. Between two of them, its words and the texts are tokenized as one text, as they were when the
    /// model was trained.
    /// </summary>
    private List<Part> Cut(string template)
    {
        var parts = new List<Part>();
        int start = 0;
        foreach (int token in _tokenizer.Tokenize(template, parseSpecial: true))
        {
            string name = _tokenizer.GetControlName(token);
            int found = name.Length == 0 ? -1 : template.IndexOf(name, start, StringComparison.Ordinal);
            if (found < 0)
                continue;

            Add(template[start..found]);
            parts.Add(new Part([token], ""));
            start = found + name.Length;
        }

        Add(template[start..]);
        return parts;

        void Add(string text)
        {
            if (Place().IsMatch(text))
                parts.Add(new Part(null, text));
            else if (text.Length > 0)
                parts.Add(new Part(_tokenizer.Tokenize(text, parseSpecial: true), text));
        }
    }

    /// <summary>Cuts a text so that it has at most so many tokens.</summary>
    private string Shorten(string text, int mostTokens, Action<int> onCut)
    {
        int count = _tokenizer.CountTokens(text);
        if (count <= mostTokens)
            return text;

        onCut(count);
        (int fits, int tooLong) = (0, text.Length);
        while (tooLong - fits > 1)
        {
            int middle = fits + ((tooLong - fits) / 2);
            if (_tokenizer.CountTokens(text.AsSpan(0, middle)) <= mostTokens)
                fits = middle;
            else
                tooLong = middle;
        }

        return text[..(fits > 0 && char.IsHighSurrogate(text[fits - 1]) ? fits - 1 : fits)];
    }

    private static RedisInferException Unusable(string path, string what) => new(
        RedisInferErrorCode.ModelNotLoadable,
        $"The template for re-ranking of '{path}' ('tokenizer.chat_template.rerank') {what}. Use a model file with a corrected template.");

    [GeneratedRegex(@"\{(query|document)\}")]
    private static partial Regex Place();

    /// <summary>A part of a template: its tokens, or a text in which question and passage are filled in.</summary>
    private sealed record Part(int[]? Tokens, string Text);
}

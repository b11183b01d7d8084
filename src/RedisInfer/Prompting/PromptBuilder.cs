using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Prompting;

/// <summary>
/// Joins template, passages and question under a token budget. Passages are in canonical order, by path and index and not by score, so that
/// the same set of passages is the same prefix for every question.
/// </summary>
/// <param name="tokenizer">The generating model's tokenizer.</param>
/// <param name="getTemplate">Gives the fixed parts. They change with the day if the template has a date.</param>
/// <param name="windowSize">Most tokens of prompt and answer together.</param>
internal sealed class PromptBuilder(ITokenizer tokenizer, Func<PromptTemplate> getTemplate, int windowSize)
{
    // With fewer tokens than this, an answer is cut off more often than not.
    private const int LeastAnswerTokens = 32;

    private readonly int[] _questionLabel = PassageFormat.TokenizeQuestionLabel(tokenizer);

    /// <summary>Most tokens of prompt and answer together.</summary>
    public int WindowSize => windowSize;

    /// <summary>The tokens that every prompt begins with, up to the first passage.</summary>
    public ReadOnlyMemory<int> Head => getTemplate().Head;

    /// <summary>Creates a builder for the prompts of a model.</summary>
    /// <param name="model">The generating model.</param>
    /// <param name="contextSize">Most tokens of a request. The window is this or the model's trained size, whichever is smaller.</param>
    /// <param name="systemPrompt">The instructions to the model, before the passages.</param>
    /// <param name="enableThinking">Whether the model may think before it answers.</param>
    /// <param name="time">Says which day it is.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the model's chat template cannot be used.
    /// </exception>
    public static PromptBuilder Create(IInferenceModel model, int contextSize, string systemPrompt, bool enableThinking, TimeProvider time)
    {
        var renderer = ConversationRenderer.Of(model);
        var template = new DailyTemplate(day => PromptTemplate.Create(renderer, model.Tokenizer, systemPrompt, enableThinking, day), time);
        return new PromptBuilder(model.Tokenizer, () => template.Current, Math.Min(model.Info.TrainedContextSize, contextSize));
    }

    /// <summary>Builds a prompt from as many of the best passages as fit.</summary>
    /// <param name="question">The question.</param>
    /// <param name="passages">Retrieved passages, best first; at least one.</param>
    /// <param name="answerTokens">Tokens to leave for the answer, if leaving out passages can make room for them.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ContextTooLong"/>: the question and the best passage do not fit.
    /// <see cref="RedisInferErrorCode.StateCorrupt"/>: a passage has a token that the model does not have.
    /// </exception>
    public Prompt Build(string question, IReadOnlyList<Passage> passages, int answerTokens)
    {
        PromptTemplate template = getTemplate();
        int[] questionTokens = PassageFormat.TokenizeQuestion(tokenizer, question);
        int fixedTokens = template.Head.Length + questionTokens.Length + template.Tail.Length;
        int leastAnswer = Math.Min(answerTokens, LeastAnswerTokens);
        if (fixedTokens + leastAnswer > windowSize)
        {
            throw TooLong(
                $"The question has {questionTokens.Length} tokens. With the prompt's {fixedTokens - questionTokens.Length} fixed tokens and "
                + $"an answer of at least {leastAnswer}, that is over the context window of {windowSize}.");
        }

        // An answer rarely needs all of its tokens: the best passage is added even if it takes some of them.
        int passageBudget = windowSize - fixedTokens - leastAnswer;
        int comfortableBudget = windowSize - fixedTokens - answerTokens;
        var chosen = new List<Passage>(passages.Count);
        int used = 0;
        foreach (Passage found in passages)
        {
            ThrowIfUnknownToken(found);
            Passage passage = Escaped(found);
            int need = passage.Tokens.Length + HeadingTokens(passages.Count, passage.Path).Length;
            if (used + need <= (chosen.Count == 0 ? passageBudget : comfortableBudget))
            {
                chosen.Add(passage);
                used += need;
            }
        }

        if (chosen.Count == 0 && passages.Count > 0)
        {
            throw TooLong(
                $"The question has {questionTokens.Length} tokens. It leaves {passageBudget} of the context window of {windowSize} "
                + "for passages: not one of those found fits.");
        }

        chosen.Sort(CompareCanonically);
        return Join(template, chosen, questionTokens);
    }

    // The tokens come from the server. The engine refuses a whole step for one of them, and with it the requests that share the step.
    private void ThrowIfUnknownToken(Passage passage)
    {
        foreach (int token in passage.Tokens.Span)
        {
            if (token < 0 || token >= tokenizer.VocabularySize)
            {
                throw new RedisInferException(
                    RedisInferErrorCode.StateCorrupt,
                    $"Chunk {passage.Index} of '{passage.Path}' is damaged: it has the token {token}, but the model has {tokenizer.VocabularySize} "
                    + "tokens. Remove the document and add it again.");
            }
        }
    }

    private Passage Escaped(Passage passage)
    {
        ReadOnlyMemory<int> tokens = PassageFormat.TokensInPrompt(tokenizer, passage.Trail, passage.Text, passage.Tokens);
        return tokens.Equals(passage.Tokens) ? passage : passage with { Tokens = tokens };
    }

    private static int CompareCanonically(Passage a, Passage b)
    {
        int byPath = string.CompareOrdinal(a.Path, b.Path);
        return byPath != 0 ? byPath : a.Index.CompareTo(b.Index);
    }

    private static RedisInferException TooLong(string what) => new(
        RedisInferErrorCode.ContextTooLong,
        what + " Shorten the question. If the model was trained for more, raise ContextSize or lower MaxConcurrentRequests.");

    private int[] HeadingTokens(int number, string path) => PassageFormat.TokenizeHeading(tokenizer, number, path);

    private Prompt Join(PromptTemplate template, List<Passage> chosen, int[] questionTokens)
    {
        var tokens = new List<int>(windowSize);
        var passages = new List<PromptPassage>(chosen.Count);
        tokens.AddRange(template.Head.Span);
        List<int> partEnds = [tokens.Count];
        foreach (Passage passage in chosen)
        {
            int number = passages.Count + 1;
            int start = tokens.Count;
            int[] heading = HeadingTokens(number, passage.Path);
            tokens.AddRange(heading);
            tokens.AddRange(passage.Tokens.Span);
            passages.Add(new PromptPassage(number, passage, start, heading.Length, tokens.Count - start));
            partEnds.Add(tokens.Count);
        }

        // A repeated question still waits for the tokens after the passages, so every token that can be shared there counts.
        if (questionTokens.AsSpan().StartsWith(_questionLabel))
        {
            partEnds.Add(tokens.Count + _questionLabel.Length);
        }

        tokens.AddRange(questionTokens);
        tokens.AddRange(template.Tail.Span);
        return new Prompt([.. tokens], passages, [.. partEnds]) { OpenThought = template.OpenThought };
    }
}

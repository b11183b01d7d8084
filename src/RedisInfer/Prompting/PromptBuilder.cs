using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Prompting;

/// <summary>
/// Joins template, earlier turns, passages and question under a token budget. The passages of a question are in canonical order, by path and
/// index and not by score. So the same set of passages is the same prefix for every question. A prompt of a conversation begins with
/// the prompt and the answer before it, as far as there is room.
/// </summary>
/// <param name="tokenizer">The generating model's tokenizer.</param>
/// <param name="getTemplate">Gives the fixed parts. They change with the day if the template has a date.</param>
/// <param name="windowSize">Most tokens of prompt and answer together.</param>
internal sealed class PromptBuilder(ITokenizer tokenizer, Func<PromptShape, PromptTemplate> getTemplate, int windowSize)
{
    // With fewer tokens than this, an answer is cut off more often than not.
    private const int LeastAnswerTokens = 32;

    // The part of the window that the texts of earlier turns keep if further passages would need it.
    private const int EarlierTextsShare = 4;

    // A conversation that is shortened begins otherwise, so nothing of it is reused. So it is shortened by such parts of the window at once,
    // but by no more than half of the turns.
    private const int CutShare = 4;

    private readonly int[] _questionLabel = PassageFormat.TokenizeQuestionLabel(tokenizer);

    /// <summary>Most tokens of prompt and answer together.</summary>
    public int WindowSize => windowSize;

    /// <summary>Fingerprint of the tokenizer.</summary>
    public string TokenizerFingerprint => tokenizer.Fingerprint;

    /// <summary>The tokens that every prompt without instructions begins with, up to the first passage.</summary>
    public ReadOnlyMemory<int> Head => getTemplate(default).Head;

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
        var template = new DailyTemplate(
            (shape, day) => PromptTemplate.Create(renderer, model.Tokenizer, systemPrompt, enableThinking, day, shape), time);
        return new PromptBuilder(model.Tokenizer, template.Get, Math.Min(model.Info.TrainedContextSize, contextSize));
    }

    /// <summary>Builds a prompt from as many of the best passages as fit, and as much of the conversation as fits then.</summary>
    /// <param name="question">The question.</param>
    /// <param name="passages">Retrieved passages, best first; at least one.</param>
    /// <param name="answerTokens">Tokens to leave for the answer, if leaving out passages can make room for them.</param>
    /// <param name="conversation">What the question follows; <see langword="null"/>: nothing.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ContextTooLong"/>: the question and the best passage do not fit.
    /// <see cref="RedisInferErrorCode.StateCorrupt"/>: a passage has a token that the model does not have.
    /// </exception>
    public Prompt Build(string question, IReadOnlyList<Passage> passages, int answerTokens, PromptConversation? conversation = null)
    {
        conversation ??= PromptConversation.None;
        var earlier = EarlierTurns.Read(tokenizer, conversation.Turns, windowSize);
        int[] instructions = tokenizer.Tokenize(conversation.Instructions, parseSpecial: false);
        int[] questionTokens = PassageFormat.TokenizeQuestion(tokenizer, question);
        int fixedTokens = CountFixed(GetTemplate(0, instructions)) + instructions.Length + questionTokens.Length;
        int leastAnswer = Math.Min(answerTokens, LeastAnswerTokens);
        if (fixedTokens + leastAnswer > windowSize)
        {
            throw TooLong(
                $"The question has {questionTokens.Length} tokens. With the prompt's {fixedTokens - questionTokens.Length} fixed tokens and "
                + $"an answer of at least {leastAnswer}, that is over the context window of {windowSize}.");
        }

        int passageBudget = windowSize - fixedTokens - leastAnswer;
        int comfortableBudget = windowSize - fixedTokens - answerTokens;
        List<Passage> chosen = Choose(passages, earlier, passageBudget, comfortableBudget);
        if (chosen.Count == 0 && passages.Count > 0)
        {
            throw TooLong(
                $"The question has {questionTokens.Length} tokens. It leaves {passageBudget} of the context window of {windowSize} "
                + "for passages: not one of those found fits.");
        }

        IReadOnlyList<NumberedPassage> found = Number(chosen, earlier);
        PromptLayout layout = Shorten(earlier, found, windowSize - answerTokens - instructions.Length - questionTokens.Length, instructions);
        return Join(layout, found, instructions, questionTokens);
    }

    /// <summary>Chooses the best passages that fit, in canonical order.</summary>
    private List<Passage> Choose(IReadOnlyList<Passage> passages, EarlierTurns earlier, int passageBudget, int comfortableBudget)
    {
        // An answer rarely needs all of its tokens: the best passage is added even if it takes some of them.
        int earlierTexts = Math.Min(earlier.Turns.Sum(turn => turn.TextCount), windowSize / EarlierTextsShare);
        var chosen = new List<Passage>(passages.Count);
        int used = 0;
        foreach (Passage found in passages)
        {
            ThrowIfUnknownToken(found);
            Passage passage = Escaped(found);
            int need = passage.Tokens.Length + HeadingTokens(earlier.NextNumber - 1 + passages.Count, passage.Path).Length;
            if (used + need <= (chosen.Count == 0 ? passageBudget : comfortableBudget - earlierTexts))
            {
                chosen.Add(passage);
                used += need;
            }
        }

        chosen.Sort(Passage.CanonicalOrder);
        return chosen;
    }

    private List<NumberedPassage> Number(List<Passage> chosen, EarlierTurns earlier)
    {
        int next = earlier.NextNumber;
        var found = new List<NumberedPassage>(chosen.Count);
        foreach (Passage passage in chosen)
        {
            int number = earlier.NumberOf(passage) ?? next++;
            found.Add(new NumberedPassage(number, passage, HeadingTokens(number, passage.Path)));
        }

        return found;
    }

    /// <summary>Leaves out what does not fit: the oldest passages first, then the oldest turns.</summary>
    private PromptLayout Shorten(EarlierTurns earlier, IReadOnlyList<NumberedPassage> found, int room, int[] instructions)
    {
        PromptLayout whole = earlier.LayOut(0, found);
        int over = Count(whole) - room;
        if (over <= 0)
            return whole;
        int step = Math.Max(1, windowSize / CutShare);
        int target = room + over - ((over + step - 1) / step * step);
        IEnumerable<PromptLayout> cuts = Enumerable.Range(1, earlier.CutCount - 1).Select(cut => earlier.LayOut(cut, found));
        return cuts.Take(earlier.Turns.Count * 3 / 2).FirstOrDefault(cut => Count(cut) <= target)
            ?? cuts.FirstOrDefault(cut => Count(cut) <= room)
            ?? earlier.LayOut(earlier.CutCount - 1, found);

        int Count(PromptLayout layout) => layout.TokenCount + CountFixed(GetTemplate(layout.Turns.Count, instructions));
    }

    private PromptTemplate GetTemplate(int earlierTurns, int[] instructions) =>
        getTemplate(new PromptShape(earlierTurns, instructions.Length > 0));

    private static int CountFixed(PromptTemplate template) =>
        template.Parts.Sum(part => Math.Max(part.Tokens.Length, part.BeforePassages.Length)) + template.Tail.Length;

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

    private static RedisInferException TooLong(string what) => new(
        RedisInferErrorCode.ContextTooLong,
        what + " Shorten the question. If the model was trained for more, raise ContextSize or lower MaxConcurrentRequests.");

    private int[] HeadingTokens(int number, string path) => PassageFormat.TokenizeHeading(tokenizer, number, path);

    private Prompt Join(PromptLayout layout, IReadOnlyList<NumberedPassage> found, int[] instructions, int[] questionTokens)
    {
        PromptTemplate template = GetTemplate(layout.Turns.Count, instructions);
        var prompt = new PromptWriter(_questionLabel, windowSize);
        int question = 0;
        int answer = 0;
        foreach (TemplatePart part in template.Parts)
        {
            bool isLast = question == layout.Turns.Count;
            IReadOnlyList<NumberedPassage> passages =
                part.Slot != PromptSlot.Question ? [] : isLast ? layout.Found : layout.Turns[question].Passages;
            prompt.Add((passages.Count > 0 ? part.BeforePassages : part.Tokens).Span);
            switch (part.Slot)
            {
                case PromptSlot.Instructions:
                    prompt.Add(instructions);
                    break;
                case PromptSlot.Question:
                    prompt.AddQuestion(passages, isLast ? questionTokens : layout.Turns[question].Question);
                    question++;
                    break;
                case PromptSlot.Answer:
                    prompt.AddAnswer(layout.Turns[answer++].Answer);
                    break;
            }
        }

        prompt.Add(template.Tail.Span);
        return prompt.Finish(template.OpenThought, found);
    }
}

using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>Chooses the next token of an answer, writes its text to the stream, and tells whether the answer ends. Used by the decode thread alone.</summary>
/// <param name="tokenizer">The tokenizer of the model.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenChooser(ITokenizer tokenizer, TimeProvider time)
{
    /// <summary>Chooses a token and appends it to its sequence.</summary>
    /// <param name="context">The context that computed the row.</param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="row">The row with the logits.</param>
    /// <exception cref="Errors.RedisInferException">No token can be chosen. Nothing was appended.</exception>
    public TokenOutcome Take(IInferenceContext context, Sequence sequence, int row)
    {
        if (sequence.Request.CaptureOutput && sequence.GeneratedCount == 0)
        {
            sequence.FirstLogits = context.GetLogits(row).ToArray();
        }

        if (sequence.OverdueThought is { } thought)
        {
            sequence.EndThought(tokenizer.Tokenize(thought.EndOfThought, parseSpecial: true));
        }

        bool isChosen = !sequence.TryTakeEndOfThought(out int token);
        token = isChosen ? Choose(context, sequence, row) : token;
        sequence.Append(token);
        if (sequence.GeneratedCount == 1)
        {
            sequence.FirstTokenTimestamp = time.GetTimestamp();
        }

        bool ended = isChosen && tokenizer.IsEndOfGeneration(token);
        if (!ended)
        {
            ReadOnlySpan<byte> bytes = tokenizer.GetBytes(token);
            sequence.WriteText(bytes, bytes.IsEmpty ? tokenizer.GetControlName(token) : "");
        }

        sequence.Constraint?.Append(token);
        bool isLast = sequence.GeneratedCount == sequence.Request.MaxOutputTokens;
        bool stopped = ended || sequence.Text.Stopped || sequence.Constraint is { IsFinal: true } || (isLast && sequence.Constraint is { IsComplete: true });
        return stopped && sequence.Constraint is not { IsShortened: true } ? TokenOutcome.Complete
            : stopped || isLast ? TokenOutcome.LimitReached
            : TokenOutcome.Continues;
    }

    private static int Choose(IInferenceContext context, Sequence sequence, int row) => sequence.Constraint is { } constraint
        ? context.Sample(sequence.Sampler!, row, constraint)
        : context.Sample(sequence.Sampler!, row);
}

using System.Numerics.Tensors;
using System.Text;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Prompting;

namespace RedisInfer;

/// <summary>
/// Answers prompts greedily, as they stand or with passages that know nothing of each other. All prompts begin with the same head, which
/// is computed once. Not thread-safe.
/// </summary>
internal sealed class PassageTrial
{
    /// <summary>Sequences that the context must have.</summary>
    public const int SequenceCount = 3;

    private const int Answering = 0;
    private const int Passage = 1;
    private const int Scratch = 2;

    private readonly IInferenceModel _model;
    private readonly IInferenceContext _context;
    private readonly TokenBatch _batch;

    /// <summary>Prepares a trial.</summary>
    /// <param name="model">The model.</param>
    /// <param name="context">
    /// Its context, empty, with room for the longest prompt, its answer and one passage more. Not disposed of.
    /// </param>
    public PassageTrial(IInferenceModel model, IInferenceContext context)
    {
        _model = model;
        _context = context;
        _batch = new TokenBatch(context.BatchSize);
    }

    /// <summary>Answers a prompt that is computed as it stands.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer; at least one.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>The answer.</returns>
    public TrialAnswer Answer(Prompt prompt, int maxOutputTokens, CancellationToken cancellationToken)
    {
        KeepHead(prompt, cancellationToken);
        return Finish(prompt, maxOutputTokens, reusedTokens: 0, cancellationToken);
    }

    /// <summary>Computes each passage's text without the others.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="afterHead">Whether the prompt's head comes before it, or nothing.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>Their attention states, in the order of the prompt.</returns>
    public byte[][] ComputePassages(Prompt prompt, bool afterHead, CancellationToken cancellationToken)
    {
        KeepHead(prompt, cancellationToken);
        int start = StateStart(prompt, afterHead);
        byte[][] states = new byte[prompt.Passages.Count][];
        for (int i = 0; i < states.Length; i++)
        {
            PromptPassage passage = prompt.Passages[i];
            _context.CopySequence(Answering, Passage, 0, start);
            Read(Passage, prompt.Tokens.AsSpan(passage.TextStart..passage.End), cancellationToken);
            _context.CopySequence(Passage, Scratch, start);
            states[i] = new byte[_context.GetStateSize(Scratch)];
            _context.SaveState(Scratch, states[i]);
            _context.RemoveSequence(Scratch);
            _context.RemoveSequence(Passage);
        }

        return states;
    }

    /// <summary>Answers a prompt out of passages that were computed without each other.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="states">What <see cref="ComputePassages"/> gave for it with the same setting.</param>
    /// <param name="setting">How they were computed, and how much of them is computed again.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer; at least one.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>The answer.</returns>
    public TrialAnswer Answer(
        Prompt prompt, byte[][] states, PassageSetting setting, int maxOutputTokens, CancellationToken cancellationToken)
    {
        KeepHead(prompt, cancellationToken);
        int reusedTokens = 0;
        for (int i = 0; i < states.Length; i++)
        {
            PromptPassage passage = prompt.Passages[i];
            int reused = passage.End - passage.TextStart - setting.RecomputedTokens;
            if (reused > 0)
            {
                Read(Answering, prompt.Tokens.AsSpan(_context.GetSequenceLength(Answering)..(passage.End - reused)), cancellationToken);
                Place(states[i], StateStart(prompt, setting.AfterHead), passage.TextStart, setting.RecomputedTokens);
                reusedTokens += reused;
            }
        }

        return Finish(prompt, maxOutputTokens, reusedTokens, cancellationToken);
    }

    private static int HeadEnd(Prompt prompt) => prompt.PartEnds[0];

    private static int StateStart(Prompt prompt, bool afterHead) => afterHead ? HeadEnd(prompt) : 0;

    private void KeepHead(Prompt prompt, CancellationToken cancellationToken)
    {
        _context.RemoveSequence(Answering, HeadEnd(prompt));
        Read(Answering, prompt.Tokens.AsSpan(_context.GetSequenceLength(Answering)..HeadEnd(prompt)), cancellationToken);
    }

    /// <summary>Moves a passage from where it was computed to where it stands, without its first tokens.</summary>
    private void Place(byte[] state, int from, int to, int skippedTokens)
    {
        // Cells that two sequences share cannot be moved: the state is loaded, moved, and only then shared.
        _context.LoadState(Scratch, state);
        _context.RemoveSequence(Scratch, from, from + skippedTokens);
        _context.ShiftSequence(Scratch, from, -1, to - from);
        _context.CopySequence(Scratch, Answering);
        _context.RemoveSequence(Scratch);
    }

    /// <summary>Computes what is left of a prompt, and its answer.</summary>
    private TrialAnswer Finish(Prompt prompt, int maxOutputTokens, int reusedTokens, CancellationToken cancellationToken)
    {
        Read(Answering, prompt.Tokens.AsSpan(_context.GetSequenceLength(Answering)..^1), cancellationToken);
        float[] firstLogits = Continue(prompt.Tokens[^1], cancellationToken).ToArray();
        var tokens = new List<int>();
        var bytes = new List<byte>();
        int token = TensorPrimitives.IndexOfMax<float>(firstLogits);
        while (!_model.Tokenizer.IsEndOfGeneration(token))
        {
            tokens.Add(token);
            bytes.AddRange(_model.Tokenizer.GetBytes(token));
            if (tokens.Count == maxOutputTokens)
            {
                break;
            }

            token = TensorPrimitives.IndexOfMax(Continue(token, cancellationToken));
        }

        return new TrialAnswer(
            firstLogits, [.. tokens], Encoding.UTF8.GetString([.. bytes]), (double)reusedTokens / prompt.Tokens.Length);
    }

    /// <summary>Adds a token to the sequence that answers.</summary>
    /// <returns>The logits behind it.</returns>
    private ReadOnlySpan<float> Continue(int token, CancellationToken cancellationToken)
    {
        _batch.Clear();
        int row = _batch.Add(token, _context.GetSequenceLength(Answering), Answering, output: true);
        Decode(cancellationToken);
        return _context.GetLogits(row);
    }

    private void Read(int sequence, ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        while (tokens.Length > 0)
        {
            int count = Math.Min(tokens.Length, _batch.Capacity);
            int start = _context.GetSequenceLength(sequence);
            _batch.Clear();
            for (int i = 0; i < count; i++)
            {
                _batch.Add(tokens[i], start + i, sequence, output: false);
            }

            Decode(cancellationToken);
            tokens = tokens[count..];
        }
    }

    private void Decode(CancellationToken cancellationToken)
    {
        DecodeResult result = _context.Decode(_batch, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (result != DecodeResult.Done)
        {
            throw new RedisInferException(
                RedisInferErrorCode.DecodeFailed, $"A prompt could not be computed in {_context.ContextSize} KV cells: {result}.");
        }
    }
}

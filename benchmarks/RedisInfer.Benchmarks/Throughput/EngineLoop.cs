using System.Diagnostics;
using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Throughput;

/// <summary>The bare engine: decode, sample, decode. The baseline for the front door.</summary>
internal sealed class EngineLoop : IDisposable
{
    private const int PromptToken = 1000;

    private readonly IInferenceContext _context;
    private readonly ISampler[] _samplers;
    private readonly TokenBatch _batch;

    public EngineLoop(IInferenceModel model, ContextOptions options)
    {
        _context = model.CreateContext(options);
        _batch = new TokenBatch(_context.BatchSize);
        _samplers = [.. Enumerable.Range(0, options.MaxSequences).Select(_ => model.CreateSampler(new SamplingOptions { Temperature = 0 }))];
    }

    /// <summary>Tokens per second that all sequences generate together, after prompts of the given length.</summary>
    public double MeasureDecode(int sequences, int promptTokens, int steps)
    {
        Clear();
        int[] tokens = new int[sequences];
        for (int sequence = 0; sequence < sequences; sequence++)
        {
            Prefill(sequence, promptTokens, _context.BatchSize);
            tokens[sequence] = _context.Sample(_samplers[sequence], _batch.Count - 1);
        }

        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++)
        {
            _batch.Clear();
            for (int sequence = 0; sequence < sequences; sequence++)
            {
                _batch.Add(tokens[sequence], promptTokens + step, sequence, output: true);
            }

            Decode();
            for (int sequence = 0; sequence < sequences; sequence++)
            {
                tokens[sequence] = _context.Sample(_samplers[sequence], sequence);
            }
        }

        return sequences * steps / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Milliseconds of each slice of a prompt.</summary>
    public IReadOnlyList<double> MeasurePrefill(int promptTokens, int slice)
    {
        Clear();
        return Prefill(0, promptTokens, slice);
    }

    /// <summary>Milliseconds to prefill the last tokens of a prompt if all earlier tokens are in the KV cache.</summary>
    public double MeasureSuffix(int promptTokens, int suffixTokens)
    {
        MeasurePrefill(promptTokens - suffixTokens, _context.BatchSize);
        double best = double.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            _batch.Clear();
            for (int position = promptTokens - suffixTokens; position < promptTokens; position++)
            {
                _batch.Add(PromptToken + position, position, 0, position == promptTokens - 1);
            }

            long start = Stopwatch.GetTimestamp();
            Decode();
            _context.Sample(_samplers[0], _batch.Count - 1);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            _context.RemoveSequence(0, promptTokens - suffixTokens);
        }

        return best;
    }

    /// <summary>Milliseconds of a step: the fastest of several.</summary>
    /// <param name="sequences">Number of sequences that share the rows evenly.</param>
    /// <param name="rows">Number of rows of the step.</param>
    /// <param name="depth">Number of tokens in each sequence before the step.</param>
    /// <param name="rounds">How often the step is measured.</param>
    public double MeasureStep(int sequences, int rows, int depth, int rounds)
    {
        Clear();
        for (int sequence = 0; sequence < sequences; sequence++)
        {
            Prefill(sequence, depth, _context.BatchSize);
        }

        double best = double.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            _batch.Clear();
            for (int row = 0; row < rows; row++)
            {
                _batch.Add(PromptToken + row, depth + (row / sequences), row % sequences, row >= rows - sequences);
            }

            long start = Stopwatch.GetTimestamp();
            Decode();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            for (int sequence = 0; sequence < sequences; sequence++)
            {
                _context.RemoveSequence(sequence, depth);
            }
        }

        return best;
    }

    public void Dispose()
    {
        Array.ForEach(_samplers, sampler => sampler.Dispose());
        _context.Dispose();
    }

    private List<double> Prefill(int sequence, int promptTokens, int slice)
    {
        List<double> times = [];
        for (int done = 0; done < promptTokens; done += _batch.Count)
        {
            _batch.Clear();
            for (int position = done; position < Math.Min(promptTokens, done + slice); position++)
            {
                _batch.Add(PromptToken + position, position, sequence, position == promptTokens - 1);
            }

            long start = Stopwatch.GetTimestamp();
            Decode();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private void Clear()
    {
        for (int sequence = 0; sequence < _context.MaxSequences; sequence++)
        {
            _context.RemoveSequence(sequence);
        }
    }

    private void Decode()
    {
        DecodeResult result = _context.Decode(_batch, CancellationToken.None);
        if (result != DecodeResult.Done)
        {
            throw new InvalidOperationException($"The engine did not decode: {result}.");
        }
    }
}

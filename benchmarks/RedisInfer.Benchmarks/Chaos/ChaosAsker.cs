using System.Diagnostics;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>The asker: a child process that asks without pause while everything else fails. Judges its answers.</summary>
internal sealed class ChaosAsker(
    string redis, ChangingFolder folder, SyncLog log, Downtime downtime, Random random, Action<string> report) : IAsyncDisposable
{
    private const int PauseMs = 150;

    private readonly Lock _gate = new();
    private readonly List<ChildReply> _replies = [];
    private readonly CancellationTokenSource _stop = new();
    private ChaosChild? _child;
    private Task _asking = Task.CompletedTask;

    /// <summary>Whether its process has ended by itself.</summary>
    public bool Died { get; private set; }

    public int Answers { get; private set; }

    public int Passages { get; private set; }

    public int WrongPassages { get; private set; }

    /// <summary>Questions that failed while the server was away.</summary>
    public int FailedWhileAway { get; private set; }

    /// <summary>Questions that failed although the server was up.</summary>
    public int FailedWhileUp { get; private set; }

    public async Task StartAsync()
    {
        _child = await ChaosChild.StartAsync(redis, folder.Path, TimeSpan.Zero)
            ?? throw new InvalidOperationException("The asker could not start.");
        _asking = Task.Run(AskAsync);
    }

    /// <summary>
    /// Judges the replies of a round. Only at its end it is known when the server was away, and which writes it has lost.
    /// </summary>
    public void JudgeRound()
    {
        ChildReply[] replies;
        lock (_gate)
        {
            replies = [.. _replies];
            _replies.Clear();
        }

        foreach (ChildReply reply in replies)
        {
            if (reply.Error is null)
                JudgeAnswer(reply);
            else
                JudgeFailure(reply);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        if (_child is not null)
            await _child.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AskAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (await _child!.CallAsync(new ChildRequest(ChangingFolder.Question(random))) is not { } reply)
            {
                Died = true;
                report($"the asker died: {_child.LastErrors}");
                return;
            }

            lock (_gate)
                _replies.Add(reply);
            await Task.Delay(PauseMs, CancellationToken.None);
        }
    }

    private void JudgeFailure(ChildReply reply)
    {
        if (!downtime.WasUp(reply.Started, reply.Ended))
        {
            FailedWhileAway++;
            return;
        }

        FailedWhileUp++;
        report($"a question failed while the server was up: {reply.Error}");
    }

    private void JudgeAnswer(ChildReply reply)
    {
        Answers++;
        long oldest = log.OldestFor(reply.Started);
        foreach (ChildPassage passage in reply.Passages)
        {
            Passages++;
            if (folder.Had(passage, oldest, reply.Ended))
                continue;
            WrongPassages++;
            report($"wrong passage: {folder.Explain(passage, oldest, Stopwatch.GetTimestamp())}");
        }
    }
}

using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Shows one progress bar per step.</summary>
internal sealed class BarSteps(ProgressContext context) : ISteps
{
    private readonly Lock _gate = new();
    private string? _step;
    private ProgressTask? _bar;

    public void Report(string step, double share)
    {
        lock (_gate)
        {
            if (step != _step)
            {
                Finish_NeedsLock();
                _step = step;
                _bar = context.AddTask(Markup.Escape(Printable.OneLine(step)), maxValue: 1);
            }

            // A step that cannot measure its progress reports 0. Its bar then only shows that the step is running.
            _bar!.IsIndeterminate = share == 0;
            _bar.Value = share;
        }
    }

    public void Finish()
    {
        lock (_gate)
        {
            Finish_NeedsLock();
        }
    }

    private void Finish_NeedsLock()
    {
        if (_bar is not null)
        {
            _bar.IsIndeterminate = false;
            _bar.Value = 1;
            _bar.StopTask();
        }
    }
}

using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Shows steps as progress bars on a terminal, and as lines otherwise.</summary>
internal static class Steps
{
    public static async Task<T> RunAsync<T>(Func<ISteps, Task<T>> work)
    {
        if (!Terminal.ErrorIsInteractive)
        {
            return await work(new PlainSteps(Terminal.Error));
        }

        return await Terminal.Error.Progress()
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bars = new BarSteps(context);
                T result = await work(bars);
                bars.Finish();
                return result;
            });
    }
}

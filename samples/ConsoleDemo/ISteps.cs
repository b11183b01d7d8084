namespace ConsoleDemo;

/// <summary>Shows the steps of a long operation one after another. May be called from any thread.</summary>
internal interface ISteps
{
    /// <summary>Reports the progress of a step. If the step differs from the previous one, the previous one has ended.</summary>
    /// <param name="step">Name of the step.</param>
    /// <param name="share">Share of the step that is done, from 0 to 1.</param>
    void Report(string step, double share);
}

namespace ConsoleDemo;

/// <summary>Shows the steps of a longer work one after another. May be called from any thread.</summary>
internal interface ISteps
{
    /// <summary>Says how far a step is. Another step than the one before means that the one before has ended.</summary>
    /// <param name="step">What is being done.</param>
    /// <param name="share">How much of it is done, 0 to 1.</param>
    void Report(string step, double share);
}

using Microsoft.Extensions.Options;
using RedisInfer.Errors;

namespace ConsoleDemo;

/// <summary>Prints an error as one line on the error stream and returns an exit status.</summary>
internal static class ErrorLine
{
    public const int FailureStatus = 1;
    public const int UsageStatus = 2;

    /// <summary>The status that shells report for a program that Ctrl+C ended.</summary>
    public const int InterruptedStatus = 130;

    public static int Write(string message, int status = FailureStatus)
    {
        Console.Error.WriteLine("error: " + Printable.OneLine(message));
        return status;
    }

    /// <summary>Prints an error that has a message for the user. Reports any other exception as a defect.</summary>
    public static int Write(Exception exception) => exception switch
    {
        RedisInferException or OptionsValidationException or IOException or UnauthorizedAccessException => Write(exception.Message),
        _ => Write($"This is a defect in the demo or the library: {exception.GetType().Name}: {exception.Message} (--verbose shows more.)"),
    };
}

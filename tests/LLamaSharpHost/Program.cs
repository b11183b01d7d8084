using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.LLamaSharp;

// Prints the name of the engine, or the code and the message of the exception.
IInferenceEngine engine = LLamaSharpEngine.Create();
try
{
    Console.WriteLine(engine.Name);
    return 0;
}
catch (RedisInferException exception)
{
    Console.WriteLine($"{exception.Code}: {exception.Message}");
    return 1;
}

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>
/// Makes hostile inputs of one kind and feeds them to RedisInfer. Lives in a child process and is used by one caller at a time. To add a
/// kind, implement this and add it to <see cref="HostileKinds"/>.
/// </summary>
internal interface IHostileKind : IAsyncDisposable
{
    /// <summary>Loads and starts what all inputs use: models, servers, files.</summary>
    Task PrepareAsync();

    /// <summary>Makes one input and feeds it. An input depends on nothing but the numbers.</summary>
    /// <param name="random">The numbers of this input.</param>
    /// <returns>A task that ends if the input was accepted, or fails with what it was refused with.</returns>
    Task RunAsync(Random random);
}

using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class DocumentsOnGarnetTests(GarnetFixture server) : DocumentContractTests(server), IClassFixture<GarnetFixture>;

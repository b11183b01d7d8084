using System.Runtime.InteropServices;
using System.Text;

namespace RedisInfer.EmbeddingModel;

/// <summary>
/// Reads the weights of a BERT-like encoder from an ONNX file (field numbers: onnx.proto). Biases, norms and embeddings have the names of
/// PyTorch. The weight of a linear layer is an operand of a product and has no name of its own: the bias that is added to the product
/// names it.
/// </summary>
internal static class OnnxWeights
{
    private const int GraphOfModel = 7;
    private const int NodeOfGraph = 1, TensorOfGraph = 5;
    private const int InputOfNode = 1, OutputOfNode = 2, OperatorOfNode = 4;
    private const int DimensionOfTensor = 1, TypeOfTensor = 2, NameOfTensor = 8, BytesOfTensor = 9;
    private const int FloatType = 1;

    /// <summary>Reads the weights.</summary>
    /// <returns>The tensors by their names in PyTorch. Linear layers have a row for each output.</returns>
    /// <exception cref="InvalidDataException">The file is no such model.</exception>
    public static IReadOnlyDictionary<string, OnnxTensor> Read(Stream onnx)
    {
        byte[] bytes = new byte[onnx.Length];
        onnx.ReadExactly(bytes);
        var tensors = new Dictionary<string, OnnxTensor>();
        var nodes = new List<(string Operator, List<string> Inputs, string Output)>();
        var model = new ProtobufFields(bytes);
        while (model.Read())
        {
            if (model.Number != GraphOfModel)
                continue;
            var graph = new ProtobufFields(model.Value);
            while (graph.Read())
            {
                if (graph.Number == NodeOfGraph)
                    nodes.Add(ReadNode(graph.Value));
                else if (graph.Number == TensorOfGraph && ReadTensor(graph.Value) is { } read)
                    tensors.Add(read.Name, read.Tensor);
            }
        }

        NameProducts(tensors, nodes);
        return tensors;
    }

    private static void NameProducts(
        Dictionary<string, OnnxTensor> tensors, List<(string Operator, List<string> Inputs, string Output)> nodes)
    {
        foreach ((string kind, List<string> inputs, string output) in nodes)
        {
            if (kind != "MatMul" || !tensors.TryGetValue(inputs[1], out OnnxTensor? weight))
                continue;
            string bias = nodes.Where(node => node.Operator == "Add" && node.Inputs.Contains(output))
                .SelectMany(node => node.Inputs)
                .FirstOrDefault(input => input.EndsWith(".bias", StringComparison.Ordinal))
                ?? throw new InvalidDataException($"The product {output} has no bias that names its weight.");
            tensors[bias[..^"bias".Length] + "weight"] = weight.Transpose();
        }
    }

    private static (string Operator, List<string> Inputs, string Output) ReadNode(ReadOnlySpan<byte> message)
    {
        (string kind, string output) = ("", "");
        var inputs = new List<string>();
        var node = new ProtobufFields(message);
        while (node.Read())
        {
            switch (node.Number)
            {
                case InputOfNode: inputs.Add(Encoding.UTF8.GetString(node.Value)); break;
                case OutputOfNode: output = Encoding.UTF8.GetString(node.Value); break;
                case OperatorOfNode: kind = Encoding.UTF8.GetString(node.Value); break;
            }
        }

        return (kind, inputs, output);
    }

    /// <summary>Reads a tensor; <see langword="null"/> if it has no floats.</summary>
    private static (string Name, OnnxTensor Tensor)? ReadTensor(ReadOnlySpan<byte> message)
    {
        string name = "";
        long type = 0;
        var shape = new List<long>();
        ReadOnlySpan<byte> values = default;
        var tensor = new ProtobufFields(message);
        while (tensor.Read())
        {
            switch (tensor.Number)
            {
                case DimensionOfTensor when tensor.Value.IsEmpty: shape.Add(tensor.Integer); break;
                case DimensionOfTensor: shape.AddRange(ProtobufFields.ReadPacked(tensor.Value)); break;
                case TypeOfTensor: type = tensor.Integer; break;
                case NameOfTensor: name = Encoding.UTF8.GetString(tensor.Value); break;
                case BytesOfTensor: values = tensor.Value; break;
            }
        }

        return type == FloatType && !values.IsEmpty
            ? (name, new OnnxTensor([.. shape.Select(size => checked((int)size))], MemoryMarshal.Cast<byte, float>(values).ToArray()))
            : null;
    }
}

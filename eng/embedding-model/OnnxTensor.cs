namespace RedisInfer.EmbeddingModel;

/// <summary>A tensor of 32-bit floats. The shape has the row length last.</summary>
internal sealed record OnnxTensor(int[] Shape, float[] Values)
{
    /// <summary>Exchanges rows and columns.</summary>
    public OnnxTensor Transpose()
    {
        (int rows, int columns) = (Shape[0], Shape[1]);
        float[] values = new float[Values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                values[(column * rows) + row] = Values[(row * columns) + column];
        }

        return new OnnxTensor([columns, rows], values);
    }
}

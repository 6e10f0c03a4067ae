/// What no net exceeds: a file that claims more is taken for damaged, and no verb trains one.
public enum ModelLimits {
  /// The most units, elements of a vector, or classes.
  public static var greatestSize: Int { 65_536 }

  /// The most recurrent layers.
  public static var greatestLayerCount: Int { 64 }
}

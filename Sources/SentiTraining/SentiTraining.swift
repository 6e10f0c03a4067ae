// Optimizers and the trainer.

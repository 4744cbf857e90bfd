import {
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { OpenComponent } from './runtime';

/** Injection token of the {@link OpenComponent} of the process. */
const OPEN_COMPONENT = Symbol('OpenComponent');

/** Ties the relay and the consumers to the life of the Nest application. */
@Injectable()
class ComponentLifecycle implements OnApplicationBootstrap, OnApplicationShutdown, BeforeApplicationShutdown {
  constructor(@Inject(OPEN_COMPONENT) private readonly open: OpenComponent) {}

  onApplicationBootstrap(): void {
    this.open.start();
  }

  beforeApplicationShutdown(): void {
    this.open.runtime.logger.info({}, 'Shutting down: requests in work are finished first');
  }

  /** Runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.open.close();
  }
}

/** The Nest module of one ODA component. */
@Module({})
export class ComponentModule {
  static of(open: OpenComponent): DynamicModule {
    return {
      module: ComponentModule,
      providers: [{ provide: OPEN_COMPONENT, useValue: open }, ComponentLifecycle],
    };
  }
}

/** The shop's services: facts of the application, with the pod's port beside the Service's. */
export interface Service {
  readonly name: string;
  readonly image: string;
  /** The port on which the container listens. */
  readonly port?: number;
  /** The Service's port, where it is another one. */
  readonly servicePort?: number;
  /** The environment variables that say whom it calls: variable, service. */
  readonly calls?: { readonly [variable: string]: string };
}

export const SERVICES: Service[] = [
  {
    name: 'frontend',
    image: 'frontend',
    port: 8080,
    servicePort: 80,
    calls: {
      PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice',
      CURRENCY_SERVICE_ADDR: 'currencyservice',
      CART_SERVICE_ADDR: 'cartservice',
      RECOMMENDATION_SERVICE_ADDR: 'recommendationservice',
      SHIPPING_SERVICE_ADDR: 'shippingservice',
      CHECKOUT_SERVICE_ADDR: 'checkoutservice',
      AD_SERVICE_ADDR: 'adservice',
    },
  },
  {
    name: 'checkoutservice',
    image: 'checkoutservice',
    port: 5050,
    calls: {
      PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice',
      SHIPPING_SERVICE_ADDR: 'shippingservice',
      PAYMENT_SERVICE_ADDR: 'paymentservice',
      EMAIL_SERVICE_ADDR: 'emailservice',
      CURRENCY_SERVICE_ADDR: 'currencyservice',
      CART_SERVICE_ADDR: 'cartservice',
    },
  },
  { name: 'recommendationservice', image: 'recommendationservice', port: 8080, calls: { PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice' } },
  { name: 'cartservice', image: 'cartservice', port: 7070, calls: { REDIS_ADDR: 'redis-cart' } },
  { name: 'loadgenerator', image: 'loadgenerator', calls: { FRONTEND_ADDR: 'frontend' } },
  { name: 'adservice', image: 'adservice', port: 9555 },
  { name: 'currencyservice', image: 'currencyservice', port: 7000 },
  // The one whose Service has another port than its pods: policies see 8080, never 5000.
  { name: 'emailservice', image: 'emailservice', port: 8080, servicePort: 5000 },
  { name: 'paymentservice', image: 'paymentservice', port: 50051 },
  { name: 'productcatalogservice', image: 'productcatalogservice', port: 3550 },
  { name: 'shippingservice', image: 'shippingservice', port: 50051 },
  { name: 'redis-cart', image: 'redis:alpine', port: 6379 },
];
